"""Service titles that name nobody, as shops write them, and vehicles: made up, of no shop's data."""

from collections.abc import Iterator
from random import Random

TITLES = tuple(
    """
Lube, oil & filter|LOF 5W-30 full synthetic|Synthetic blend oil change up to 5 qts|
Diesel oil service 12 qts|30/60/90 service|Major service 60,000 miles|Intermediate B service|Service A|
Annual maintenance|Winterize|Rotate & balance|Road force balance (4)|Mount and balance 4 tires|Plug tire|
Patch inside RR|Install spare|TPMS sensor LF|TPMS reset/relearn|4-wheel alignment w/ camber bolts|
Front end alignment|Thrust angle align|Front pads & rotors|Rear shoes, drums turned|Brake inspection|
Caliper RF seized|Flush brake fluid DOT 4|Park brake cable|ABS wheel speed sensor|ABS light on, scan|
Master cylinder|Brake hose LR|Bleed brakes|Replace alternator|R&R starter|Battery test|
Battery + terminals|Parasitic draw test|Jump start|Charge battery|Check engine light P0420|
P0300 random misfire|P0171 bank 1 lean|Smoke test EVAP P0442|O2 sensor B1S2|Coil #3|
Ignition coils and plugs|Tune up|Throttle body clean|Fuel induction service|Injector flow test|Fuel pump|
Fuel filter|MAF sensor|Crank sensor|Cam phaser noise|Timing chain kit|Timing belt/water pump|Valve adjust|
Head gasket|Valve cover gaskets both banks|Oil pan gasket|Rear main seal|Oil leak dye test|
Engine mount front|Motor mount, trans mount|Long block replacement|Short block|Used engine 80k miles|
Reman trans|Torque converter|Trans drain & fill|CVT fluid exchange|Transfer case service|
Rear diff service 75W-90|U-joints|Carrier bearing|CV axle left|CV boot kit|Wheel bearing hub RF|
Lower control arm bushings|Upper ball joints|Tie rod ends|Sway bar links|Struts & mounts|Shocks rear|
Coil spring broken|Leaf springs|Rack and pinion|Power steering flush|P/S pump whine|Steering column clunk|
A/C recharge R134a|AC evac & recharge 1234yf|A/C compressor|Condenser|Blend door actuator|Cabin filter|
Heater core flush|Blower motor + resistor|Thermostat|Radiator|Coolant flush|Coolant hose upper|
Water pump leak|Fan clutch|Serp belt & tensioner|Idler pulley noise|Wiper blades|Washer pump|Wiper arm|
Headlight bulb|LED headlamp assembly|Tail light|Turn signal socket|Fog lamp|Backup camera inop|
Power window motor LF|Window regulator|Door lock actuator|Door handle RR|Key fob program|Ignition switch|
Remote start install|Radio no sound|Bluetooth won't pair|USB port|Sunroof drains|Moonroof leak|
Water leak trunk|Wind noise at 60 mph|Rattle under seat|Squeak over bumps|Clunk front end|
Hum at highway speed|Vibration braking|Pulls to right|Hesitates on acceleration|Stalls at idle|
Hard start cold|Long crank hot|No start no crank|Cranks no start|Overheats in traffic|Burning smell|
Rough idle|Loss of power going up hill|Shifts hard 2-3|Delayed reverse|Slips in 3rd gear|
Whines in reverse|Exhaust leak manifold|Muffler & tailpipe|Cat converter|Heat shield rattle|Flex pipe|
EGR valve|DPF regen|DEF heater|Glow plugs|Turbo inlet hose|Injector harness|State inspection|
Safety + emissions|Pre-purchase inspection|Pre-trip check|Courtesy check|Multi-point inspection|
Recall 21V-123 perform|TSB 18-2291 reflash|Software update ECM|Module programming|Key code|Cluster repair|
Detail interior|Wash & vac|Headlight restoration|Windshield chip|Undercoat|Bed liner|
Trailer hitch & wiring|Tow in|Diagnostic 1 hr|Diag electrical 2.0 hr|Shop supplies|Hazmat disposal|
Warranty labor|Parts on order|Customer states brakes squeal in morning|Customer states CEL on|
Customer states noise from rear|Cust supplied parts|Customer declined rear brakes|
Customer requests oil change|Customer will wait|Check for leaks, advise|Owner requests tire rotation|
Advise on tires, 3/32 front|See notes|Recheck in 3 months|Found worn bushings, advise|Replace LF CV shaft|
Wheel lock key missing|Cabin air filter replace|Spare tire carrier stuck|Lube door hinges|
A/C not cold on hwy|Whistle noise above 55|Trans cooler line leak|Repl. serpentine belt and idler|
Check and top off all fluids|Dealer recall campaign check|Stone chip in windshield|
Brown sludge in coolant|White smoke at startup|Black residue on plugs|Grind noise RR when turning left|
Customer says brakes grind|Customer complains of shimmy|Cust states key won't turn|
Owner states hood won't latch|Customer heard pop from rear|Customer wants price on struts|
Customer approved tires|Customer declined all other work|Customer told battery weak|
Customer requests Mobil 1|Told customer tires low|Called customer w/ estimate|Asked customer about noise|
Customer brought own filter|Customer called, wants wipers|Park assist sensor|Long term fuel trim high|
King pin replacement|Bell housing bolts|Steel wheels winter tires mount|Snow tires on|Summer tires off|
Cross member rust repair|Banks turbo kit install|Walker muffler install|Monroe strut RF|Gates belt|
Wagner brake pads|Cooper tires x4|Carter fuel pump|Miller cycle engine misfire|Hunter alignment check|
Price tires|Rose color tail lens|Olive green wire|Green coolant leak|Gray water hose|
Hill descent light on|Lane keep assist off|Bush hog service|Day light running lamp|Rich condition bank 2|
Lean code|Sharp edge on fender|Swift adjustment|Strong fuel smell|Young battery fail|Old tires|
Best brakes package|Gold package detail|Silver package|Platinum detail package|
Good better best brake quote|Mack truck air leak|Lincoln MKZ brakes|Austin Healey carb sync|
Pearl white paint|Cherry picker service|Dodge Ram tie rods|Mercedes service B|Mercedes E class struts|
GM recommends Dexcool|Light stays on, says check charging|Light is on when told off|
Waiting on part from Ford|Waiting for dealer|Sierra brake lines|Dakota frame rust|Aurora intake gaskets|
Camry struts|Malibu mounts|Regal belt|Century bearing|Park Avenue blend door|Avenue of trees|
Monte Carlo hub|Grand Am blower|Bonneville window|Cavalier key|Cobalt EPS|Cruze turbo|Equinox chain|
Traverse cluster|Acadia brakes
""".replace("\n", "").split("|")
)

CARS = tuple(
    tuple(line.split("/"))
    for line in """
Ford/Focus/SE/2.0L|Ford/F-150/XLT/5.0L V8|Ford/Mustang/GT/5.0L|Ford/Fusion/Titanium/1.5T|
Ford/Ranger/Lariat/2.3L|Lincoln/Continental/Reserve/3.0T|Lincoln/Town Car/Signature/4.6L|
Mercury/Grand Marquis/LS/4.6L|Dodge/Charger/R-T/5.7 Hemi|Dodge/Grand Caravan/SXT/3.6L|
Ram/1500/Big Horn/5.7L|Jeep/Grand Cherokee/Laredo/3.6L|Chrysler/Pacifica/Touring L/3.6L|
Chevrolet/Malibu/LT/1.5T|Chevrolet/Monte Carlo/SS/3.8L|Chevrolet/Colorado/Z71/3.6L|
GMC/Sierra 2500/Denali/6.6 Duramax|GMC/Canyon/SLE/2.5L|Buick/Park Avenue/Ultra/3.8SC|Buick/Regal/GS/2.0T|
Cadillac/Escalade/Platinum/6.2L|Cadillac/DeVille/Base/4.6 Northstar|Pontiac/Grand Prix/GT/3.8L|
Saturn/Ion/2/2.2L|Toyota/Sienna/XLE/3.5L|Toyota/Camry/LE/2.5L|Toyota/Land Cruiser/Base/5.7L|
Lexus/RX 350/F Sport/3.5L|Honda/Civic/EX/1.5T|Honda/Odyssey/EX-L/3.5L|Acura/Legend/L/3.2L|
Nissan/Frontier/SV/4.0L|Nissan/Rogue/SL/2.5L|Infiniti/QX60/Luxe/3.5L|Mazda/Tribute/s/3.0L|
Mitsubishi/Lancer/ES/2.0L|Subaru/Forester/Premium/2.5L|Hyundai/Santa Fe/Limited/3.3L|
Hyundai/Tucson/SEL/2.5L|Hyundai/Genesis/3.8/3.8L|Kia/Forte/LXS/2.0L|Kia/Rio/S/1.6L|
Volkswagen/Golf/TSI/1.8T|Volkswagen/Beetle/Turbo/1.8T|Audi/A4/Quattro Premium Plus/2.0T|
BMW/328i/xDrive/2.0T|Mini/Cooper/Clubman S/1.6T|Mercedes-Benz/Sprinter 2500/High Roof/3.0 Diesel|
Porsche/Carrera/S/3.8L|Volvo/XC90/Inscription/2.0T|Land Rover/Range Rover/Autobiography/5.0SC|
Jaguar/XJ8/Vanden Plas/4.2L|Aston Martin/Vantage/S/4.7L|Bentley/Azure/T/6.75L|
Rolls-Royce/Silver Shadow/II/6.75L|Alfa Romeo/Giulia/Ti/2.0T|Tesla/Model 3/Long Range/Electric|
Freightliner/Cascadia/Day Cab/DD15|Harley-Davidson/Road King/Classic/103
""".replace("\n", "").split("|")
)
"""Make, model, sub-model, engine."""

_OF_A_CAR = (
    "{make} {model} brakes", "Oil change per {make} spec", "{make} recall, {model}",
    "2014 {make} {model} {part}", "OEM {make} {part}", "{make} coolant only", "{make} scan tool update",
    "Customer states {make} dealer did {part}", "{make} {model} {sub} {part}", "Install {model} badge",
    "{make} approved fluid", "Called {make} dealer for {part}", "Service call, {make} {model} no start",
    "{make} drives rough", "Told by {make} dealer {part} bad", "{make} paid recall {part}",
    "{make} requires premium fuel", "{part} for {make} {model}", "{make} calls for 0W-20",
    "swap {part} from {model}",
)  # fmt: skip
_OF_A_COLOR = (
    "{color} paint peeling", "{color} fluid in reservoir", "Code {color} key", "{part} is {color}",
    "Touch up {color} paint", "{color} coolant", "{color} smoke from exhaust",
    "Repaint bumper {color} pearl", "{color} wire to ground", "Match {color} metallic",
    "{color} wire broken at {part}", "Buff {color} hood",
)  # fmt: skip
_OF_A_STREET = (
    "Light came on, check {part}", "{part} came off", "Key is gone, program new", "Name brand {part}",
    "Phone mount", "Pedal feels soft", "{part} waiting on parts", "{part} came in, install",
    "See {part} notes", "Park lamp {part}", "Lane departure camera", "Hill start assist fault",
    "Road test 12 miles", "Court ordered interlock", "Drive belt {part}", "Long trip check",
    "Highway vibration", "Field service call", "Bridge the relay", "Lake water in diff", "Bay 4 lift",
    "Circle check", "Point gap", "Loop wire to {part}", "Way too much oil", "2 front {part}",
    "4 wheel {part}", "Forest Service fleet check", "City fleet 90 day", "Spring inspection",
)  # fmt: skip
_PARTS = (
    "front brakes", "struts", "water pump", "rear hatch", "battery", "hub", "door lock", "power mirror",
    "key", "hood", "horn", "glass", "seal", "bolt", "spring", "wheel lock", "light", "pads", "shield",
    "belt",
)  # fmt: skip
_COLORS = ("White", "Black", "Brown", "Green", "Gray", "Silver", "Gold", "Blue", "Red", "Ruby", "Tan", "Rose")


def titles(rng: Random) -> Iterator[str]:
    """Endlessly."""
    while True:
        make, model, sub, _ = rng.choice(CARS)
        frames = rng.choice((TITLES, TITLES, _OF_A_CAR, _OF_A_COLOR, _OF_A_STREET))
        words = {"make": make, "model": model, "sub": sub}
        title = rng.choice(frames).format(**words, color=rng.choice(_COLORS), part=rng.choice(_PARTS))
        yield rng.choice((str, str.upper, str))(title)


LIKE_PERSONAL = tuple(
    """
Lincoln transmission service|Ford F-150 brakes|Ford dealer recall|Chevrolet door hinge|
PN 90915-20004 filter|Replace part 12345-67-8901|Bolt kit 06-13-1 installed|Date code 3416 tires|
DOT 3416 tires|Born wheels rim repair|DL sensor bracket|License plate lamp|Card reader in dash|
Memory card navigation update|Credit for core|205/55R16 flat repair|25 flat rate units|
Flat rate 100|Torque 100 Nm|Torque wheels to 100|100,000 mile service|100k service|
Set idle 100 rpm up|Customer declined flush|Cust waiting|Cust. states noise|Spouse states noise|
Wife drives it|Husband requests oil change|Customer called twice|Daughter drives, set mirrors|
Owner manual missing|Customer Bluetooth won't pair|Customer supplied Lojack|
Cust installed Viper alarm|Customer Weathertech mats|Customer hears chirp|Customer noticed drip|
Told customer to wait|Called dealer for code|Per Mitchell labor time|Per Alldata procedure|
Per TSB 20-1234|Per Haynes manual|Battery lives 4 years|Address 3 open recalls|
Home link program|Home charger check|Birthday discount applied|Birthday special 10% off|
Social media coupon|SS 396 tune up|Camaro SS brakes|Visa gift card promo|Scan code 4111|
VIN 1HGCM82633A004352 verify|Serial 1234567890123 battery|Part 4006633374668 strut|
Quoted 4 tires|Quoted 2 struts|Paid at pickup|Charge A/C 24 oz|Charged battery 30 min|
Charged 2 lbs R134a|Owes cores|Cash discount|Even tire wear|Price 4 tires|
90,-90 degree fittings|Adjust 10,- threads|Plus tax and fees|Jones-Wilson style brakes
""".replace("\n", "").split("|")
)
"""Titles that look like personal values or like somebody's name, and name nobody."""
