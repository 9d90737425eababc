"""Where the audit's addresses lead: to the chain of whoever asks; none names an object."""

from tests.plugins.places import no_object

PLACES = {
    "audit:agency_export": no_object(),
    "audit:agency_log": no_object(),
    "audit:platform_export": no_object(),
    "audit:platform_log": no_object(),
}
