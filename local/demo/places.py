"""Where the demo's shops are: their contact cards, and how addresses, phones and plates look around them.

Cities, postal codes, area codes (North American Numbering Plan) and time zones are facts; shops, owners and
streets are invented.
"""

from random import Random

from crossbay.domain.address import Address
from local.demo.model import Site


def _site(
    key: str,
    business_name: str,
    owner: str,
    place: tuple[str, str, str, str],
    time_zone: str,
    area_codes: str,
    towns: str,
    plate_pattern: str,
) -> Site:
    """A site from its table row. place: street, city, state or province, postal code."""
    line1, city, region, postal_code = place
    codes = tuple(area_codes.split())
    around = tuple((town, code) for town, _, code in (entry.partition(": ") for entry in towns.split(", ")))
    country = "US" if postal_code.isdecimal() else "CA"
    return Site(
        key=key,
        business_name=business_name,
        owner=owner,
        phone=f"{codes[0]}5550100",
        email=f"{key}@example.com",
        address=Address(line1=line1, city=city, region=region, postal_code=postal_code, country=country),
        country=country,
        time_zone=time_zone,
        area_codes=codes,
        towns=around,
        plate_pattern=plate_pattern,
    )


HARBORLINE_SITES = (
    _site(
        "seattle", "Harborline Auto Seattle", "Marta Quill",
        ("1420 Alder Pier Way", "Seattle", "WA", "98101"), "America/Los_Angeles", "206 253 425",
        "Seattle: 98103, Seattle: 98115, Tacoma: 98402, Bellevue: 98004, Everett: 98201", "@@@####",
    ),
    _site(
        "vancouver", "Harborline Auto Vancouver", "Devon Achterberg",
        ("88 Tidewrack Street", "Vancouver", "BC", "V6B 1A1"), "America/Vancouver", "604 778 236",
        "Vancouver: V5K #@#, Burnaby: V5H #@#, Richmond: V6X #@#, Surrey: V3T #@#", "@@# ##@",
    ),
    _site(
        "denver", "Harborline Auto Denver", "Luis Verbeek",
        ("5010 Quarry Ridge Road", "Denver", "CO", "80202"), "America/Denver", "303 720",
        "Denver: 80205, Denver: 80211, Aurora: 80012, Lakewood: 80226, Boulder: 80301", "@@@-@##",
    ),
    _site(
        "chicago", "Harborline Auto Chicago", "Nadia Prentiss",
        ("733 North Slip Avenue", "Chicago", "IL", "60610"), "America/Chicago", "312 773 847",
        "Chicago: 60614, Chicago: 60618, Evanston: 60201, Oak Park: 60302, Cicero: 60804", "@@ #####",
    ),
    _site(
        "boston", "Harborline Auto Boston", "Owen Castellane",
        ("29 Ropewalk Lane", "Boston", "MA", "02110"), "America/New_York", "617 781 508",
        "Boston: 02118, Cambridge: 02139, Quincy: 02169, Somerville: 02143, Newton: 02458", "#@@@ ##",
    ),
    _site(
        "toronto", "Harborline Auto Toronto", "Priya Lindqvist",
        ("610 Old Grainhouse Road", "Toronto", "ON", "M5V 2T6"), "America/Toronto", "416 647 905",
        "Toronto: M4C #@#, Toronto: M6H #@#, Mississauga: L5B #@#, Markham: L3R #@#", "@@@@ ###",
    ),
    _site(
        "portland", "Harborline Auto Portland", "Hal Okonjo",
        ("302 Fernbridge Street", "Portland", "OR", "97205"), "America/Los_Angeles", "503 971",
        "Portland: 97214, Portland: 97217, Beaverton: 97005, Gresham: 97030, Salem: 97301", "### @@@",
    ),
    _site(
        "phoenix", "Harborline Auto Phoenix", "Inez Fairbrother",
        ("4700 Drywash Boulevard", "Phoenix", "AZ", "85004"), "America/Phoenix", "602 480 623",
        "Phoenix: 85016, Mesa: 85201, Tempe: 85281, Glendale: 85301, Chandler: 85225", "@@@ ####",
    ),
    _site(
        "atlanta", "Harborline Auto Atlanta", "Terrence Vale",
        ("1180 Millrace Parkway", "Atlanta", "GA", "30308"), "America/New_York", "404 470 678",
        "Atlanta: 30312, Decatur: 30030, Marietta: 30060, Smyrna: 30080, Roswell: 30075", "@@@ ####",
    ),
    _site(
        "austin", "Harborline Auto Austin", "Corinne Haddad",
        ("95 Limestone Loop", "Austin", "TX", "78701"), "America/Chicago", "512 737",
        "Austin: 78704, Austin: 78745, Round Rock: 78664, Georgetown: 78626, Kyle: 78640", "@@@-####",
    ),
    _site(
        "halifax", "Harborline Auto Halifax", "Gus Thibodeau-Lane",
        ("17 Breakwater Road", "Halifax", "NS", "B3J 1A1"), "America/Halifax", "902 782",
        "Halifax: B3K #@#, Dartmouth: B2Y #@#, Bedford: B4A #@#", "@@@ ###",
    ),
    _site(
        "st-johns", "Harborline Auto St. John's", "Bridget Sorrell",
        ("240 Capstan Street", "St. John's", "NL", "A1C 1A1"), "America/St_Johns", "709",
        "St. John's: A1B #@#, Mount Pearl: A1N #@#, Paradise: A1L #@#", "@@@ ###",
    ),
)  # fmt: skip

TIDEWATER_SITE = _site(
    "tidewater", "Tidewater Motor Works", "Amos Delacourt",
    ("12 Netmender Street", "Tacoma", "WA", "98403"), "America/Los_Angeles", "253 206",
    "Tacoma: 98405, Lakewood: 98499, Puyallup: 98371, Seattle: 98103", "@@@####",
)  # fmt: skip

# Geographic area codes in use (NANPA), so that 12,000 customers find phones of their own: each has only the
# hundred fictional numbers 555-0100 to 555-0199.
_AREA_CODES = """
201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251
252 253 254 256 260 262 267 269 270 272 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317
318 319 320 321 323 325 330 331 334 336 337 339 346 347 351 352 360 361 385 386 401 402 404 405 406 407 408
409 410 412 413 414 415 417 419 423 424 425 430 432 434 435 440 442 443 458 463 464 469 470 475 478 479 480
484 501 502 503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 531 534 539 540 541 551 559 561 562
563 564 567 570 571 573 574 575 580 585 586 601 602 603 605 606 607 608 609 610 612 614 615 616 617 618 619
620 623 626 628 629 630 631 636 641 646 650 651 657 660 661 662 667 669 678 681 682 701 702 703 704 706 707
708 712 713 714 715 716 717 718 719 720 724 725 726 727 731 732 734 737 740 743 747 754 757 760 762 763 765
769 770 772 773 774 775 779 781 785 786 801 802 803 804 805 806 808 810 812 813 814 815 816 817 818 828 830
831 832 843 845 847 848 850 854 856 857 858 859 860 862 863 864 865 870 872 878 901 903 904 906 907 908 909
910 912 913 914 915 916 917 918 919 920 925 928 929 930 931 934 936 937 938 940 941 947 949 951 952 954 956
959 970 971 972 973 978 979 980 984 985 989 204 226 236 249 250 289 306 343 365 403 416 418 431 437 438 450
506 514 519 548 579 581 587 604 613 639 647 672 705 709 778 780 782 807 819 825 867 873 902 905
"""
AREA_CODES = tuple(_AREA_CODES.split())

_STREETS = """
Alder Birchwood Cannery Capstan Cedar_Hollow Chandler Clearwater Copperline Cormorant Cottonwood
Driftwood Elderberry Fernbridge Foundry Foxglove Gannet Granary Graywater Gull_Rock Harrier Hawthorn
Heron_Marsh Ironwood Juniper Kestrel Kiln Lantern Larkspur Limestone Lower_Mill Madrone Maple_Glen
Meadowlark Millrace Moorland Netmender Oakhurst Old_Quarry Orchard_Hill Osprey Overlook Palisade Pebble
Pinecrest Plover Quarry_Ridge Quince Redstart Ropewalk Rosewood Sandpiper Sawmill Shipwright
Silver_Birch Sparrow Spindrift Stonebridge Summit Sycamore Tamarack Tanager Teasel Thistledown Tidewrack
Tillerman Vineyard Walnut_Creek Weathervane Whistler Willow_Bend Winterberry Wren Yarrow
"""
_STREET_NAMES = tuple(street.replace("_", " ") for street in _STREETS.split())
_STREET_TYPES = ("Street", "Avenue", "Road", "Drive", "Lane", "Court", "Boulevard", "Place", "Way", "Terrace")
_TYPE_WEIGHTS = (30, 22, 14, 12, 8, 5, 4, 2, 2, 1)
_PLATE_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # plates mostly leave out I, O and Q


def street_address(rng: Random, site: Site) -> Address:
    """An invented home near a shop."""
    city, postal_pattern = rng.choice(site.towns)
    direction = rng.choices(("", "North ", "South ", "East ", "West "), (80, 5, 5, 5, 5))[0]
    street = rng.choice(_STREET_NAMES)
    kind = rng.choices(_STREET_TYPES, _TYPE_WEIGHTS)[0]
    return Address(
        line1=f"{rng.randrange(2, 9800)} {direction}{street} {kind}",
        line2=f"Apt {rng.randrange(1, 60)}" if rng.random() < 0.18 else "",
        city=city,
        region=site.address.region,
        postal_code=filled(rng, postal_pattern),
        country=site.country,
    )


def filled(rng: Random, pattern: str) -> str:
    """The pattern with a random digit for each `#` and a random letter for each `@`."""
    return "".join(
        rng.choice("0123456789") if mark == "#" else rng.choice(_PLATE_LETTERS) if mark == "@" else mark
        for mark in pattern
    )


class PhoneBook:
    """Hands out every fictional number once, most of them local while those last."""

    def __init__(self, rng: Random, sites: tuple[Site, ...]) -> None:
        reserved = {site.phone for site in sites}
        self._rng = rng
        self._free: dict[str, list[str]] = {}
        for code in AREA_CODES:
            numbers = [f"{code}55501{line:02}" for line in range(100)]
            self._free[code] = [number for number in numbers if number not in reserved]
            rng.shuffle(self._free[code])

    def take(self, site: Site) -> str:
        """Ten digits that nobody has yet. Raises IndexError when all are given out."""
        local = [code for code in site.area_codes if self._free[code]]
        anywhere = [code for code in AREA_CODES if self._free[code]]
        codes = local if local and self._rng.random() < 0.7 else anywhere
        return self._free[self._rng.choice(codes)].pop()
