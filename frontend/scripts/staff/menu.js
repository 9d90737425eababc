/* The menu: its sections are the browser's own disclosures and open without this file. Here a section closes when another
   thing is wanted (Escape, a click or the focus elsewhere), and on a phone the whole menu folds behind one button, together
   with who is signed in. The vault's lock stays in sight. */

const NARROW = "(max-width: 600px)";

function foldWhole(menu, button) {
  const folded = [menu, document.getElementById("staff-who")];
  const narrow = window.matchMedia(NARROW);
  const adapt = () => { button.hidden = !narrow.matches; };
  const show = (open) => {
    folded.forEach((part) => part.classList.toggle("is-open", open));
    button.setAttribute("aria-expanded", String(open));
  };
  adapt();
  narrow.addEventListener("change", adapt);
  button.addEventListener("click", () => show(!menu.classList.contains("is-open")));
  folded.forEach((part) => part.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !narrow.matches || event.defaultPrevented) return;
    show(false);
    button.focus();
  }));
}

function closeParts(menu) {
  const parts = [...menu.querySelectorAll("details")];
  const closeOthers = (kept) => parts.forEach((part) => { if (part !== kept) part.open = false; });
  menu.addEventListener("keydown", (event) => {
    const part = event.target.closest("details[open]");
    if (event.key !== "Escape" || !part) return;
    event.preventDefault();
    part.open = false;
    part.querySelector("summary").focus();
  });
  // A browser that does not know exclusive disclosures closes the others here.
  parts.forEach((part) => part.addEventListener("toggle", () => { if (part.open) closeOthers(part); }));
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) closeOthers(null); });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) closeOthers(null);
  });
}

export function foldMenu() {
  const menu = document.getElementById("staff-menu");
  const button = document.querySelector(".menu-button");
  if (!menu || !button) return;
  foldWhole(menu, button);
  closeParts(menu);
}
