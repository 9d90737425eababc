import { watchLeaving } from "./_leave/leave.js";

watchLeaving(document);
