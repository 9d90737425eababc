"""Where the addresses of signing in and out lead."""

from tests.plugins.places import no_object

PLACES = {
    "sign_in": no_object(),
    "sign_out": no_object(),
}
