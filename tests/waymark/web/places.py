"""Where the addresses of the staff site's own pages lead: none names an object."""

from tests.plugins.places import no_object

PLACES = {
    "first_coordinator": no_object(closed="the set-up code opens nothing once there is a coordinator"),
    "healthz": no_object(),
    "home_changed": no_object(),
    "home_next": no_object(),
    "home_waiting": no_object(),
    "keyboard_shortcuts": no_object(),
    "public_words": no_object(),
    "region_settings": no_object(),
    "search": no_object(data={"q": "invented"}),
    "staff_home": no_object(),
}
