// On every page of the finder: the way out, and moving about without leaving entries in the tab's history.

import { keepOneEntry } from "./site/moving.js";
import { watchLeaving } from "./site/leaving.js";

watchLeaving();
keepOneEntry();
