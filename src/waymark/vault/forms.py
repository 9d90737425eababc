"""Forms around keys: short, one thing at a time, and plain about what is lost when a secret is lost."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.pages.files import WholeFileField
from waymark.pages.questions import PlainForm
from waymark.sealing.files import LARGEST
from waymark.sealing.recovery import MistypedError, read_printed_key
from waymark.vault.policies import PASSPHRASE_LENGTH

# A passphrase that the browser keeps would open the vault to whoever holds the computer.
SECRET = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
PRINTED = {**SECRET, "class": "usa-input printed-input"}


def _secret(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs=SECRET),
        error_messages={"required": "Type the passphrase."},
    )


def _printed(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text="Nine groups of four, as they stand on the paper. Small letters and missing spaces are fine.",
        max_length=200,
        widget=forms.TextInput(attrs=PRINTED),
        error_messages={"required": "Type the key from the paper."},
    )


class _NewPassphrase(PlainForm):
    """The part of a form in which a new passphrase is chosen twice."""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "passphrase" in data and "again" in data and data["passphrase"] != data["again"]:
            self.add_error("again", "The two passphrases differ. Type the same one twice.")
        return data


LENGTH = (
    f"At least {PASSPHRASE_LENGTH} characters: four or five words that have nothing to do with each other. Not the"
    " password with which you sign in."
)


class SetUpKeyForm(_NewPassphrase):
    passphrase = _secret("Vault passphrase", LENGTH)
    again = _secret("The same passphrase again")
    why = {
        "passphrase": "It locks your key. We do not keep it, nobody can look it up, and nobody can reset it.",
    }


class UnlockForm(PlainForm):
    passphrase = _secret("Vault passphrase")
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class ProveForm(PlainForm):
    """Two groups of the printed key, typed back from the paper."""

    def __init__(self, *args: Any, printed: str, places: tuple[int, int], **kwargs: Any) -> None:
        self.printed, self.places = printed, places
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            f"group_{place}": forms.CharField(
                label=f"Group {place} on your paper",
                max_length=8,
                widget=forms.TextInput(attrs={**SECRET, "class": "usa-input short printed-input"}),
                error_messages={"required": "Type the four letters and digits of this group."},
            )
            for place in self.places
        }

    def clean(self) -> dict[str, Any]:
        groups = self.printed.split()
        alike = str.maketrans({"I": "1", "L": "1", "O": "0"})
        for place in self.places:
            typed = str(self.cleaned_data.get(f"group_{place}", "")).strip().upper().translate(alike)
            if typed and typed != groups[place - 1]:
                self.add_error(f"group_{place}", "This is not the group on the paper. Compare letter by letter.")
        return self.cleaned_data


class RecoverForm(_NewPassphrase):
    printed = _printed("Your printed key")
    passphrase = _secret("New vault passphrase", LENGTH)
    again = _secret("The same passphrase again")

    def clean_printed(self) -> str:
        return _checked(self.cleaned_data["printed"])


def _checked(typed: str) -> str:
    try:
        read_printed_key(typed)
    except MistypedError as error:
        raise forms.ValidationError(str(error)) from error
    return typed


class ChangePassphraseForm(_NewPassphrase):
    old = _secret("Passphrase of today")
    passphrase = _secret("New vault passphrase", LENGTH)
    again = _secret("The same passphrase again")


class StartOverForm(_NewPassphrase):
    passphrase = _secret("New vault passphrase", LENGTH)
    again = _secret("The same passphrase again")
    understood = forms.BooleanField(
        label="I have neither the passphrase nor the printed key, and I know what is lost.",
        error_messages={"required": "Tick this when you have read what is lost."},
    )


class FoundForm(PlainForm):
    kit = forms.ChoiceField(
        label="Shall there be a printed kit for the whole agency?",
        choices=[
            ("no", "No kit. If everybody loses their keys, what is sealed is lost."),
            ("yes", "Print a kit. Whoever holds the paper and signs in as an officer can open everything."),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one. Both have a risk, and both are right for somebody."},
    )
    understood = forms.BooleanField(
        label="I understand that nobody outside my agency can bring a lost key back.",
        error_messages={"required": "Tick this when you have read it."},
    )
    why = {
        "kit": "A kit is escrow: one paper that opens the whole agency, whoever finds it. It belongs in a safe or with your"
        " board, never in the office drawer. Records that are kept to named people stay closed to the kit.",
    }


class WordsForm(PlainForm):
    words = forms.CharField(
        label="The six words that you hear",
        help_text="Spaces and dashes do not matter.",
        max_length=200,
        widget=forms.TextInput(attrs={**SECRET, "class": "usa-input"}),
        error_messages={"required": "Type the six words that the other person reads to you."},
    )
    why = {
        "words": "If somebody had exchanged a key, your words and theirs would differ. A voice that you know is the"
        " one thing"
        " that a thief of the database cannot forge. So type what you hear, not what you read here.",
    }


class AcceptForm(PlainForm):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class NewKeysForm(PlainForm):
    partners = forms.ChoiceField(
        label="What do partner agencies see?",
        choices=[
            ("follow", "The old key vouches for the new one. Partners notice nothing."),
            ("compare", "It does not. Each partner compares six words with us again before anything is sent."),
        ],
        initial="follow",
        widget=forms.RadioSelect,
    )
    why = {
        "partners": "Choose the second when you fear that somebody took our old keys along: they could vouch for"
        " false ones.",
    }


class KitForm(PlainForm):
    printed = _printed("The key on the printed kit")

    def clean_printed(self) -> str:
        return _checked(self.cleaned_data["printed"])


class PressForm(PlainForm):
    """One button: the page says what it does."""


class CardForm(PlainForm):
    """Another installation's card."""

    file = WholeFileField(largest=LARGEST, label="Their card", help_text="A file that ends in .waymark.")
