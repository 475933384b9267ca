// The one script, for private pages only. Everything works without it; with it,
// drafts save themselves, counters count while you type and nobody loses a
// session without a warning. It keeps nothing in the browser: party computers
// are shared.
//
// Contracts with the server:
//   <form data-borrador>            saves drafts by POST to its own address with
//                                   accion=borrador, version and a key of its own
//     200 {guardado_en, version}    kept
//     409 {error, version, diferencias}   somebody else saved first
//     422, 413 {error}              this cannot be kept, and why
//   <textarea data-min data-max>    has a counter in #id-cuenta
//   <body data-sesion data-prolongar>   seconds of idle session, and an address
//                                   that prolongs it

const number = new Intl.NumberFormat("es-MX");

// Invisible format characters, controls and towers of marks do not count: the
// server takes them out.
const invisible = /[\u00AD\u200B\u200E\u200F\u2060\uFEFF\u202A-\u202E\u2066-\u2069]/g;
const controls = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]/g;
const towers = /(\p{Mn}{3})\p{Mn}+/gu;

// count is the length of a text as the questionnaire counts it: single line
// feeds, composed, trimmed, in code points and with its spaces. The vectors of
// the questionnaire package hold both to it.
export function count(text) {
  const clean = text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(invisible, "").replace(controls, "").replace(towers, "$1");
  return [...clean.normalize("NFC").trim()].length;
}

// counter says how long a text is against its floor and ceiling (0: no ceiling).
export function counter(n, min, max) {
  const noun = n === 1 ? " carácter" : " caracteres";
  if (n < min) return `${number.format(n)} de ${number.format(min)} caracteres mínimos`;
  if (!max) return number.format(n) + noun;
  if (n > max) return `Te ${n - max === 1 ? "sobra" : "sobran"} ${number.format(n - max)}`;
  return `${number.format(n)}${noun}. Te ${max - n === 1 ? "queda" : "quedan"} ${number.format(max - n)}`;
}

function later(wait, task) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(task, wait); };
}

function element(name, text, attributes = {}) {
  const e = document.createElement(name);
  e.textContent = text;
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  return e;
}

// countAsTyped keeps the written counter exact and speaks it once typing rests.
function countAsTyped(area) {
  const shown = document.getElementById(area.id + "-cuenta");
  if (!shown) return;
  const spoken = element("span", "", { class: "vo", role: "status" });
  shown.after(spoken);
  const min = Number(area.dataset.min), max = Number(area.dataset.max);
  const speak = later(1000, () => { spoken.textContent = shown.textContent; });
  area.addEventListener("input", () => {
    const n = count(area.value);
    shown.textContent = counter(n, min, max);
    shown.classList.toggle("cuenta--mal", max > 0 && n > max);
    speak();
  });
}

// grow makes a text area as tall as its text where the stylesheet cannot.
function grow(area) {
  const fit = () => { area.style.height = "auto"; area.style.height = area.scrollHeight + 4 + "px"; };
  area.addEventListener("input", fit);
  fit();
}

// Draft saves one form while it is filled in.
class Draft {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-estado]") ?? form.appendChild(element("p", "", { class: "guardado", role: "status" }));
    this.saved = this.body();
    this.sent = "";
    this.key = "";
    this.failures = 0;
    this.announced = 0;
    this.busy = this.blocked = this.leaving = false;
    const soon = later(3000, () => this.save());
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("focusout", () => this.save());
    form.addEventListener("submit", () => { this.leaving = true; });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(true); });
    addEventListener("online", () => { this.failures = 0; this.save(); });
    addEventListener("beforeunload", (e) => { if (this.failures && this.dirty() && !this.leaving) e.preventDefault(); });
  }

  // body is what would be sent, files aside: those go with the button.
  body() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !["guardado_id", "version", "accion"].includes(name)) fields.append(name, value);
    }
    return fields.toString();
  }

  dirty() { return this.body() !== this.saved; }

  version() { return this.form.elements.version; }

  // save sends what changed. The same text keeps its key, so that a retry whose
  // first answer was lost has one effect.
  async save(leaving = false) {
    const body = this.body();
    if (this.busy || this.blocked || this.leaving || body === this.saved) return;
    if (body !== this.sent || !this.key) { this.sent = body; this.key = newKey(); }
    const fields = new URLSearchParams(body);
    fields.set("guardado_id", this.key);
    fields.set("accion", "borrador");
    if (this.version()) fields.set("version", this.version().value);
    this.busy = true;
    try {
      const answer = await fetch(this.form.action, {
        method: "POST", body: fields, keepalive: leaving && fields.toString().length < 60000,
        headers: { Accept: "application/json" }, redirect: "manual",
      });
      await this.answered(answer, body);
    } catch {
      this.unreachable();
    } finally {
      this.busy = false;
    }
  }

  async answered(answer, body) {
    if (answer.type === "opaqueredirect" || answer.status === 401) return this.signedOut();
    if (answer.status >= 500 || answer.status === 429) return this.unreachable(true);
    const reply = await answer.json();
    if (answer.status === 409) return this.conflict(reply);
    if (!answer.ok) {
      this.saved = body; // it will not be accepted as it is: wait for a change
      return this.say([reply.error ?? "No pudimos guardar el borrador."], true);
    }
    document.dispatchEvent(new Event("guardado"));
    this.failures = 0;
    this.saved = body;
    this.key = "";
    if (this.version() && reply.version !== undefined) this.version().value = reply.version;
    this.say([`Borrador guardado a las ${reply.guardado_en}`]);
    if (this.dirty()) setTimeout(() => this.save(), 3000);
  }

  unreachable(server = false) {
    this.failures++;
    this.say([server ? "No pudimos guardar: tus cambios siguen en pantalla. Volveremos a intentarlo." : "Sin conexión: tus cambios aún no se guardan"], this.failures === 1);
    setTimeout(() => this.save(), Math.min(60, 5 * 2 ** (this.failures - 1)) * 1000);
  }

  signedOut() {
    this.blocked = true;
    const enter = element("a", "Entra de nuevo en otra pestaña", { href: "/entrar", target: "_blank", rel: "noopener" });
    this.say(["Tu sesión terminó. Lo que escribiste sigue en pantalla. ", enter, " y vuelve a guardar."], true);
    enter.addEventListener("click", () => { this.blocked = false; });
  }

  // conflict stops saving until the person decides whose text stays.
  conflict(reply) {
    this.blocked = true;
    const keep = element("button", "Conservar lo mío", { type: "button", class: "enlace" });
    keep.addEventListener("click", () => {
      if (this.version()) this.version().value = reply.version;
      this.blocked = false;
      this.key = "";
      this.save();
    });
    const parts = [(reply.error ?? "Alguien guardó cambios antes que tú") + " "];
    if (reply.diferencias) parts.push(element("a", "Ver diferencias", { href: reply.diferencias, target: "_blank", rel: "noopener" }), " · ");
    this.say([...parts, keep], true);
  }

  // say writes the state at once and speaks it at most every 30 seconds, unless
  // it is something to act on.
  say(parts, urgent = false) {
    const quiet = !urgent && Date.now() - this.announced < 30000;
    this.state.setAttribute("aria-live", quiet ? "off" : "polite");
    this.state.classList.toggle("guardado--mal", urgent || this.failures > 0);
    this.state.replaceChildren(...parts);
    if (!quiet) this.announced = Date.now();
  }
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

// watchSession warns five minutes before an idle session ends; one button
// prolongs it, and so does every draft that is saved.
function watchSession(seconds, address) {
  const warning = element("section", "", { class: "aviso aviso--sesion", role: "alert", hidden: "" });
  const keep = element("button", "Seguir aquí", { type: "button", class: "btn btn--s" });
  warning.append(element("p", "Tu sesión se cerrará en 5 minutos por falta de actividad."), keep);
  document.body.append(warning);
  const soon = later(Math.max(seconds - 300, 1) * 1000, () => { warning.hidden = false; });
  const renew = () => { warning.hidden = true; soon(); };
  keep.addEventListener("click", async () => {
    const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) renew();
    else warning.firstChild.textContent = "No pudimos prolongar tu sesión. Guarda ahora lo que escribiste.";
  });
  document.addEventListener("guardado", renew);
  soon();
}

// showPassword lets a person see what they type.
function showPassword(input) {
  const button = element("button", "Mostrar contraseña", { type: "button", class: "enlace", "aria-pressed": "false" });
  button.addEventListener("click", () => {
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.textContent = show ? "Ocultar contraseña" : "Mostrar contraseña";
    button.setAttribute("aria-pressed", String(show));
  });
  input.after(button);
}

document.querySelector(".errores")?.focus();
document.querySelectorAll("textarea[data-max]").forEach(countAsTyped);
if (!CSS.supports("field-sizing", "content")) document.querySelectorAll("textarea").forEach(grow);
const { sesion, prolongar } = document.body.dataset;
if (sesion && prolongar) watchSession(Number(sesion), prolongar);
document.querySelectorAll("form[data-borrador]").forEach((form) => new Draft(form));
document.querySelectorAll("input[type=password]").forEach(showPassword);
