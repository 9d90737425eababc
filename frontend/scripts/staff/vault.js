/* The open vault: the time that is left, printing a key, and wrapping record keys anew while the page is open. Every page
   works without this; the server locks by its own clock, whatever a browser shows. */

const minutesLeft = (until) => Math.max(0, Math.ceil((until - Date.now()) / 60000));

function watchLock() {
  const form = document.querySelector("[data-locks-at]");
  if (!form) return;
  const text = form.querySelector(".vault-time");
  let until = Date.parse(form.dataset.locksAt);
  let warned = false;
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("waymark-vault") : null;

  const locked = () => {
    text.textContent = "Vault locked";
    form.querySelector("button").hidden = true;
    // What was opened does not stay on an unattended screen.
    document.querySelectorAll("[data-sealed]").forEach((part) => part.remove());
  };
  const show = () => {
    const left = minutesLeft(until);
    if (left === 0) { locked(); return; }
    text.textContent = `Vault open, locks in ${left} min`;
    form.classList.toggle("is-soon", left <= 2);
    // Said aloud once, not every half minute.
    if (left <= 2 && !warned) { warned = true; text.setAttribute("role", "status"); }
    window.setTimeout(show, Math.min(until - Date.now(), 15000) + 50);
  };
  // Another tab that was used has put the moment off; another tab that locked has locked this one as well.
  tabs?.addEventListener("message", (event) => {
    if (event.data === "locked") { until = 0; locked(); } else if (Number.isFinite(event.data) && event.data > until) until = event.data;
  });
  tabs?.postMessage(until);
  form.addEventListener("submit", () => tabs?.postMessage("locked"));
  show();
}

function offerPrinting() {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

/** Work that needs an open vault is done some at a time, driven by the page: no job ever holds a key. */
function driveSteps() {
  const form = document.querySelector("form[data-steps]");
  if (!form) return;
  const total = Number(form.dataset.left);
  const bar = form.querySelector("progress");
  const count = form.querySelector("[data-steps-left]");
  const status = form.querySelector("[data-steps-status]");
  const button = form.querySelector("button");

  async function next() {
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual",
    });
    if (answer.type === "opaqueredirect") { status.textContent = "The vault is locked. Unlock it and go on here."; return false; }
    if (!answer.ok && answer.status !== 422) { status.textContent = "That did not work. Press the button to go on."; return false; }
    const { left, problem } = await answer.json();
    if (problem) { status.textContent = problem; return false; }
    bar.value = total - left;
    count.textContent = String(left);
    return left > 0;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    status.textContent = "Working. You can close this page and go on later.";
    try {
      while (await next());
      if (count.textContent === "0") {
        status.textContent = form.dataset.done;
        // Where there is something to see afterwards, the page shows it.
        if (form.dataset.then) window.location.replace(form.dataset.then);
      }
    } catch {
      status.textContent = "No connection. Press the button to go on.";
    }
    button.disabled = count.textContent === "0";
  });
}

export function watchVault() {
  watchLock();
  offerPrinting();
  driveSteps();
}
