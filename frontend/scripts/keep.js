// The Keep page: ask, keep, say since when, remove.

import { canKeep, keep, keptNote, removeAll } from "./keep/kept.js";

const root = document.getElementById("keeping");
const part = (id) => document.getElementById(id);
const { dataset } = root;

const tell = (words) => {
  part("keeping-told").textContent = words;
};

async function show() {
  const note = await keptNote();
  part("ask").hidden = Boolean(note);
  part("kept").hidden = !note;
  if (note) {
    const date = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(new Date(note.on));
    part("kept-on").textContent = dataset.keptOn.replace("%", date);
  }
  root.hidden = false;
}

async function onYes() {
  tell(dataset.checking);
  part("yes").disabled = true;
  try {
    await keep({
      list: dataset.list,
      key: dataset.key,
      shell: JSON.parse(dataset.shell),
      code: dataset.code,
      worker: dataset.worker,
    });
    tell("");
  } catch {
    tell(dataset.failed);
  }
  part("yes").disabled = false;
  await show();
}

async function onRemove() {
  await removeAll(dataset.remove);
  await show();
  tell(dataset.removed);
}

// The browser may offer to install what has a manifest; a prompt on the screen can give a person away.
addEventListener("beforeinstallprompt", (event) => event.preventDefault());

if (canKeep()) {
  part("yes").addEventListener("click", onYes);
  part("remove").addEventListener("click", onRemove);
  show();
}
