/* Passkeys: the browser's own dialog proves who is there, and this puts its answer into an ordinary form. Without script, or
   in a browser without passkeys, the parts marked `data-passkeys` stay hidden and the other ways are there. */

const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const decode = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0),
);

const withIds = (list) => (list || []).map((one) => ({ ...one, id: decode(one.id) }));

const CANCELLED = "Nothing happened. Try again when you are ready, or choose another way.";
const UNKNOWN = "Your device did not answer. Try again, or choose another way.";
const KNOWN = "This device has a passkey for this account already.";

function readOptions(json) {
  const options = JSON.parse(json).publicKey;
  options.challenge = decode(options.challenge);
  if (options.user) options.user = { ...options.user, id: decode(options.user.id) };
  if (options.excludeCredentials) options.excludeCredentials = withIds(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = withIds(options.allowCredentials);
  return options;
}

function written(credential) {
  const { response } = credential;
  const answer = {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: encode(response.clientDataJSON) },
  };
  if (credential.authenticatorAttachment) answer.authenticatorAttachment = credential.authenticatorAttachment;
  if (response.attestationObject) {
    answer.response.attestationObject = encode(response.attestationObject);
    if (response.getTransports) answer.response.transports = response.getTransports();
  } else {
    answer.response.authenticatorData = encode(response.authenticatorData);
    answer.response.signature = encode(response.signature);
    if (response.userHandle) answer.response.userHandle = encode(response.userHandle);
  }
  return JSON.stringify(answer);
}

async function optionsOf(form) {
  if (form.dataset.passkeyOptions) return readOptions(form.dataset.passkeyOptions);
  const answer = await fetch(form.dataset.passkeyOptionsUrl, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return readOptions(await answer.text());
}

function listen(form, ask) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    try {
      const credential = await ask(await optionsOf(form));
      form.querySelector("[data-passkey-answer]").value = written(credential);
      form.submit();
    } catch (error) {
      const words = { NotAllowedError: CANCELLED, AbortError: CANCELLED, InvalidStateError: KNOWN };
      trouble.textContent = words[error.name] || UNKNOWN;
      trouble.hidden = false;
    }
  });
}

export function offerPasskeys() {
  document.querySelectorAll("form[data-send-now]").forEach((form) => form.submit());
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("[data-passkeys]").forEach((part) => { part.hidden = false; });
  document.querySelectorAll("[data-passkeys-missing]").forEach((part) => { part.hidden = true; });
  document.querySelectorAll("form[data-passkey-make]").forEach((form) => {
    listen(form, (publicKey) => navigator.credentials.create({ publicKey }));
  });
  document.querySelectorAll("form[data-passkey-check]").forEach((form) => {
    listen(form, (publicKey) => navigator.credentials.get({ publicKey }));
  });
}
