"""Why a file didn't get to a partner's server, split by what the reader does about it.

    TransferFailed
    |-- Passing                   the same may work later, unaided
    |   |-- NamesUnanswered       name-service-down      the name service gave no answer
    |   |-- HostRefused           refused                nothing listens on the port
    |   |-- NoAnswer              no-answer              nothing answers at the address
    |   |-- NoGreeting            no-greeting            what answers says nothing first, as FTP servers do
    |   |-- HostBusy              busy                   the server takes no more connections now
    |   |-- ConnectionLost        connection-lost        the server went away in between
    |   |-- Stalled               stalled                the server stays, but says nothing any more
    |   |-- NoDataConnection      no-data-connection     FTP's second connection didn't come about
    |   |-- CutShort              cut-short              another size arrived than was sent
    |   |-- ServerTrouble         server-trouble         the server says that it has a problem of its own
    |   `-- NoRoom                no-room                disk or quota is full
    `-- Lasting                   someone has to mend the settings, here or at the partner's
        |-- NameNotFound          name-not-found         no such server name
        |-- InsideAddress         inside-address         an address that isn't of the public internet
        |-- NotListed             server-not-listed      this deployment sends to listed servers alone
        |-- NotUnderstood         not-understood         the server speaks something else
        |-- Outdated              outdated               the server knows outdated encryption alone
        |-- NoSftp                no-sftp                the user may sign in, but there is no SFTP for it
        |-- TlsRefused            tls-refused            no encrypted connection came about
        |-- TlsWanted             tls-wanted             the server takes no sign-in without encryption
        |-- CertificateUntrusted  certificate-untrusted  nobody trusted vouches for the server
        |-- BadCertificate        bad-certificate        the authority's certificate can't be read
        |-- WrongHostKey          wrong-host-key         the server shows another key than the pinned one
        |-- BadPrivateKey         bad-private-key        the private key can't be read
        |-- LoginRefused          login-refused          user name, password or key are wrong
        |-- FolderMissing         folder-missing         the folder isn't there, or not for this user
        |-- NotAllowed                                   the user may not do this with a file:
        |   |-- MayNotWrite       may-not-write          write one
        |   |-- MayNotLook        may-not-look           see whether one is there
        |   |-- MayNotRead        may-not-read           read one
        |   |-- MayNotRename      may-not-rename         give one another name
        |   `-- MayNotRemove      may-not-remove         remove one
        |-- NotKept               not-kept               the server took the file, then refused it
        |-- NameTaken             name-taken             a file of that name is there
        `-- SizeUnknown           size-unknown           the server can't tell a file's size

`public` is safe to show; `str(error)` is for logs: the code, and what the server or the library gave as a
code of its own, never its text.
"""

from collections.abc import Mapping
from typing import ClassVar


class TransferFailed(Exception):
    """detail: a reply's number or an error's type, for logs.

    public: a sentence that says what to do. is_passing: a later try may succeed unaided. is_hosts_fault: the
    server or the way to it fails everyone, so that more tries by others would as well.
    """

    code: ClassVar[str]
    is_passing: ClassVar[bool]
    is_hosts_fault: ClassVar[bool] = False
    public: str

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code} ({detail})" if detail else self.code)


class Passing(TransferFailed):
    """The same may work later, unaided."""

    is_passing = True
    is_hosts_fault = True


class Lasting(TransferFailed):
    """Someone has to mend the settings, here or at the partner's."""

    is_passing = False


class NamesUnanswered(Passing):
    code = "name-service-down"
    public = "The server's address couldn't be looked up right now. Try again in a few minutes."


class HostRefused(Passing):
    code = "refused"
    public = "The server takes no connections on this port. Check the port, or ask the partner if it is down."


class NoAnswer(Passing):
    code = "no-answer"
    public = (
        "The server doesn't answer. Check its name and port, and ask the partner whether it is up and "
        "whether its firewall lets this system in."
    )


class NoGreeting(Passing):
    code = "no-greeting"
    public = (
        "Something listens on this port, but doesn't greet as an FTP server does. Check the port, and ask "
        "the partner whether it is one of FTPS (often 21 or 990) or of SFTP (often 22)."
    )


class HostBusy(Passing):
    code = "busy"
    public = "The server takes no more connections right now. Try again in a few minutes."


class ConnectionLost(Passing):
    code = "connection-lost"
    public = "The server ended the connection before everything was done. Try again in a few minutes."


class Stalled(Passing):
    code = "stalled"
    public = "The server stopped answering. Try again in a few minutes; if that stays, tell the partner."


class NoDataConnection(Passing):
    code = "no-data-connection"
    public = (
        "Signing in worked, but the connection that carries the file didn't come about. Switch passive mode "
        "on (or off), or ask the partner to open the passive ports of its firewall."
    )


class CutShort(Passing):
    code = "cut-short"
    public = "The file arrived with another size than it was sent with. Try again in a few minutes."


class ServerTrouble(Passing):
    code = "server-trouble"
    public = "The server says that it has a problem of its own. Try again later, or tell the partner."


class NoRoom(Passing):
    """Other users of the server may have room. SFTP has no code for it: see `sftp.py`."""

    code = "no-room"
    is_hosts_fault = False
    public = "The server couldn't store the file: its disk or your quota is full. Ask the partner for room."


class NameNotFound(Lasting):
    code = "name-not-found"
    public = "There is no server of this name. Check its spelling."


class InsideAddress(Lasting):
    code = "inside-address"
    public = "This server isn't on the public internet. Use the name that the partner gives to outsiders."


class NotListed(Lasting):
    code = "server-not-listed"
    public = "Files go to listed servers only. Ask whoever operates this system to add this one."


class NotUnderstood(Lasting):
    code = "not-understood"
    public = (
        "Something else answers on this port than expected. Check the port, and that the protocol (SFTP, "
        "FTP or FTPS) is the one the partner named."
    )


class Outdated(Lasting):
    code = "outdated"
    public = (
        "This SSH server knows only methods of encryption that are out of date. Ask the partner to update "
        "it, or to name another way."
    )


class NoSftp(Lasting):
    code = "no-sftp"
    public = (
        "The user name and password or key are right, but the server offers this user no SFTP. Ask the "
        "partner to switch it on."
    )


class TlsRefused(Lasting):
    code = "tls-refused"
    public = (
        "The server makes no encrypted connection: it has no FTPS on this port, or none with TLS 1.2. Ask "
        "the partner which port its FTPS has."
    )


class TlsWanted(Lasting):
    code = "tls-wanted"
    public = "The server lets nobody sign in without encryption. Choose FTPS as the protocol."


class CertificateUntrusted(Lasting):
    code = "certificate-untrusted"
    public = (
        "The server's certificate isn't one to trust: made out to another name, out of date, or by an "
        "unknown authority. Use the server's full name, or enter the certificate of the partner's authority."
    )


class BadCertificate(Lasting):
    code = "bad-certificate"
    public = "The authority's certificate in the settings can't be read. Enter it anew, as PEM."


class WrongHostKey(Lasting):
    """presented: the fingerprint of the key that the server prefers, as OpenSSH prints it. shown: those of
    each kind of key that it has, to the kind's name. pinned: those expected, with blanks between, or empty.
    """

    code = "wrong-host-key"
    public = "The server's key isn't the expected one. Ask the partner for its fingerprint."

    def __init__(self, *, shown: Mapping[str, str], pinned: str) -> None:
        self.presented, *others = shown
        super().__init__(f"{', '.join(shown)}, not {pinned or 'any'}")
        if others:
            has = "The server's keys are " + " and ".join(f"{one} ({kind})" for one, kind in shown.items())
        else:
            has = f"The server's key is {self.presented}"
        expected = " or ".join(pinned.split())
        if pinned:
            self.public = (
                f"{has}, but {expected} is expected. Don't go on before the partner confirms the new key; "
                "then enter it."
            )
        elif others:
            self.public = f"{has}. Ask the partner whether one of them is right, then enter it."
        else:
            self.public = f"{has}. Ask the partner whether that is right, then enter it."


class BadPrivateKey(Lasting):
    """public: which of the causes it is, each with what to do."""

    code = "bad-private-key"
    public = "The private key can't be read. Enter it anew; if it is locked, with its passphrase as password."

    def __init__(self, public: str = "") -> None:
        super().__init__()
        self.public = public or self.public


class LoginRefused(Lasting):
    code = "login-refused"
    public = "The server refuses this user name with this password or key. Enter what the partner gave you."


class FolderMissing(Lasting):
    code = "folder-missing"
    public = "The server has no such folder for this user. Check its spelling, or ask the partner to make it."


class NotAllowed(Lasting):
    """The user may not do this with a file."""


class MayNotWrite(NotAllowed):
    code = "may-not-write"
    public = "This user may not write files in the folder. Ask the partner to allow it."


class MayNotLook(NotAllowed):
    code = "may-not-look"
    public = (
        "This user may not see which files are in the folder, so nothing proves that one arrived. Ask the "
        "partner to allow it, or set `write_only` if the partner says that the server is meant so."
    )


class MayNotRead(NotAllowed):
    code = "may-not-read"
    public = "This user may not read files in the folder."


class MayNotRename(NotAllowed):
    code = "may-not-rename"
    public = (
        "This user may write files, but not rename them: a file is sent under a temporary name, so that "
        "nobody takes half of it. Ask the partner to allow renaming, or set `write_only` if that can't be."
    )


class MayNotRemove(NotAllowed):
    code = "may-not-remove"
    public = "This user may not remove files in the folder."


class NotKept(Lasting):
    code = "not-kept"
    public = "The server took the file and then refused to keep it. Ask the partner why."


class NameTaken(Lasting):
    code = "name-taken"
    public = (
        "The server has another file of this name already, which isn't written over. Ask the partner to "
        "remove or rename it; this one is then sent by the next try."
    )


class SizeUnknown(Lasting):
    code = "size-unknown"
    public = (
        "The server can't tell a file's size, so nothing proves that it arrived. Ask for another protocol."
    )
