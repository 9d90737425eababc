export function watchLeaving() {}
