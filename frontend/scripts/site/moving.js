// Moving about the finder in one entry of the tab's history: every page takes the place of the one before, so that Back
// leaves the site and shows none of its pages. Pages carry their own Back link.

// Calls, texts and a second tab are the browser's affair.
function isPlain(event, link) {
  if (event.defaultPrevented || event.button !== 0) return false;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
  return !link.target && !link.hasAttribute("download") && /^https?:$/.test(link.protocol);
}

// Shows the answer to a form in place of this page's own content: a sent form would add an entry.
async function send(form, submitter) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, submitter)),
    cache: "no-store",
    credentials: "omit",
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  if (!fresh) throw new Error("no page");
  const main = document.getElementById("main");
  main.replaceWith(fresh);
  const back = page.querySelector(".back");
  const old = document.querySelector(".back");
  if (back && old) old.href = back.getAttribute("href");
  scrollTo(0, 0);
  fresh.focus();
}

export function keepOneEntry() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !isPlain(event, link)) return;
    event.preventDefault();
    location.replace(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    event.preventDefault();
    send(form, event.submitter).catch(() => form.submit());
  });
  // Without script a print button could do nothing, so it shows only now.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
