// Leaving quickly: one press of the button, or Shift three times.
//
// The page is covered first, then one redirect of ours empties the browser's cache and goes on to the neutral page, all in
// the place of the entry that the tab already has. Should our server be slow or the phone offline, the neutral page is
// opened directly: nobody waits for us in order to get away.

const PATIENCE = 1200;
const BETWEEN_PRESSES = 5000;

let isLeaving = false;

const wayOut = () => document.getElementById("leave");

// Covered when shown: a page that the browser puts away must not be seen again when it is fetched back.
export function cover() {
  document.documentElement.classList.add("away");
}

export function leave() {
  if (isLeaving) return;
  isLeaving = true;
  cover();
  const link = wayOut();
  const curtain = document.createElement("div");
  curtain.className = "curtain";
  curtain.setAttribute("role", "alert");
  curtain.textContent = link.dataset.loading;
  document.body.append(curtain);
  const goDirectly = () => location.replace(link.dataset.exit);
  if (navigator.onLine === false) {
    goDirectly();
    return;
  }
  setTimeout(goDirectly, PATIENCE);
  location.replace(link.href);
}

// Counts Shift pressed and let go alone. A Shift that made a capital letter, a shortcut or a selection never counts, in
// whatever order the keys come up; any other key starts the count again. Five seconds may pass between two presses.
export function countShifts({ onCount, onExpired, onThird }) {
  let count = 0;
  let alone = false;
  let timer = 0;

  const reset = () => {
    count = 0;
    clearTimeout(timer);
  };
  const spoil = () => {
    alone = false;
    reset();
  };

  return {
    down(event) {
      if (event.key !== "Shift") {
        spoil();
      } else if (!event.repeat) {
        alone = !(event.ctrlKey || event.altKey || event.metaKey);
      }
    },
    up(event) {
      if (event.key !== "Shift") {
        if (event.shiftKey) alone = false;
        return;
      }
      if (!alone) return;
      alone = false;
      clearTimeout(timer);
      count += 1;
      if (count >= 3) {
        reset();
        onThird();
        return;
      }
      onCount(3 - count);
      timer = setTimeout(() => {
        count = 0;
        onExpired();
      }, BETWEEN_PRESSES);
    },
    spoil,
  };
}

export function watchLeaving() {
  const link = wayOut();
  if (!link) return;
  const told = document.getElementById("told");
  const tell = (words) => {
    if (told) told.textContent = words;
  };
  const shifts = countShifts({
    onCount: (left) => tell(left === 2 ? link.dataset.two : link.dataset.one),
    onExpired: () => tell(link.dataset.expired),
    onThird: leave,
  });
  document.addEventListener("keydown", shifts.down, true);
  document.addEventListener("keyup", shifts.up, true);
  document.addEventListener("pointerdown", shifts.spoil, true);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("pagehide", cover);
  addEventListener("pageshow", (event) => {
    if (event.persisted) leave();
  });
}
