"""What every form of an action has: the version that was on the screen, and the verb it leads to."""

from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils.safestring import SafeString

from accounts.models import User
from petitions import workflow
from petitions.forms.register import UNKNOWN
from petitions.models import Petition
from petitions.step import STALE


class ActionForm(forms.Form):
    """The whole form of an action that needs no words: only which version of the petition was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    stale = False
    hint = ""  # what is proposed, and why
    lists: ClassVar[dict[str, Any]] = {}  # the names that a box offers beneath

    def __init__(self, data: Any = None, files: Any = None, *, petition: Petition) -> None:
        self.petition = petition
        super().__init__(data, files, initial=self.proposed(petition), auto_id="do_%s")

    def proposed(self, petition: Petition) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        """What was typed stays on the screen when somebody else was quicker."""
        if self.cleaned_data.get("seen") not in (None, self.petition.version):
            self.stale = True
            self.add_error(None, STALE)
        return self.cleaned_data

    def forget_errors(self) -> None:
        """Words were put in, nothing was sent: what is missing is no fault yet."""
        self._errors = ErrorDict()

    def take(self, action: str, by: User) -> None:
        """The verb of this name, with what was said; the lock of the step looks at the version once more."""
        getattr(workflow, action)(self.petition, by=by, **self.cleaned_data)

    @property
    def datalists(self) -> list[tuple[str, SafeString]]:
        return [(name, options()) for name, options in self.lists.items()]


def yes_or_no(label: str, yes: str, no: str, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": UNKNOWN},
        **more,
    )
