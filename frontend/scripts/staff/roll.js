/* The roll of a room: one key marks a person and goes on to the next. The keys work inside the roll only; without a script
   each answer is a radio button as any other. */
export function callRoll() {
  const roll = document.querySelector("[data-roll]");
  if (!roll) return;
  const rows = [...roll.querySelectorAll("[data-roll-row]")];
  const status = document.querySelector("[data-roll-status]");
  const first = (row) => row.querySelector("input:checked") ?? row.querySelector("input");
  const tell = () => {
    const left = rows.filter((row) => !row.querySelector("input:checked")).length;
    if (status) status.textContent = left ? `${left} not marked` : "Everybody is marked";
  };

  roll.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    const row = event.target.closest("[data-roll-row]");
    const choice = row?.querySelector(`input[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!choice) return;
    event.preventDefault();
    event.stopPropagation();
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    const next = rows[rows.indexOf(row) + 1];
    (next ? first(next) : roll.querySelector("[data-roll-save]"))?.focus();
  });
  roll.addEventListener("change", tell);
  roll.querySelector("[data-roll-rest]")?.addEventListener("click", () => {
    for (const row of rows) {
      if (!row.querySelector("input:checked")) row.querySelector("input").checked = true;
    }
    tell();
    roll.querySelector("[data-roll-save]")?.focus();
  });
  tell();
}
