// Passkeys, on the two pages that speak with a device: the second factor of who
// enters and one's own passkeys. The form brings what to ask of the device; its
// answer goes in the form's hidden field, as JSON. Nothing else is read or kept.
//
//   <form data-llave-nueva="{…}">   creates one
//   <form data-llave-usar="{…}">    proves one

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const list = (descriptors) => (descriptors ?? []).map((d) => ({ ...d, id: bytes(d.id) }));

async function create(o) {
  const c = await navigator.credentials.create({ publicKey: {
    ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: list(o.excludeCredentials),
  } });
  const r = c.response;
  return { id: c.id, rawId: text(c.rawId), type: c.type, clientExtensionResults: {}, response: {
    clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject), transports: r.getTransports?.() ?? [],
  } };
}

async function prove(o) {
  const c = await navigator.credentials.get({ publicKey: { ...o, challenge: bytes(o.challenge), allowCredentials: list(o.allowCredentials) } });
  const r = c.response;
  return { id: c.id, rawId: text(c.rawId), type: c.type, clientExtensionResults: {}, response: {
    clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature),
    userHandle: r.userHandle ? text(r.userHandle) : undefined,
  } };
}

function listen(form, options, ask) {
  const notice = form.querySelector("[data-llave-aviso]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    notice.textContent = "Sigue lo que te pide tu dispositivo.";
    try {
      form.elements.llave.value = JSON.stringify(await ask(JSON.parse(options)));
      form.submit(); // what listens here is not asked again
    } catch {
      notice.textContent = "El dispositivo no respondió o cancelaste. Inténtalo otra vez o usa el código de tu aplicación.";
    }
  });
}

for (const form of document.querySelectorAll("form[data-llave-nueva]")) listen(form, form.dataset.llaveNueva, create);
for (const form of document.querySelectorAll("form[data-llave-usar]")) listen(form, form.dataset.llaveUsar, prove);
