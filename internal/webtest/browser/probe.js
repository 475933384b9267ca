// What the judgements ask of a page. Evaluates to an object of functions and
// leaves in the page only the list of tab stops, under a symbol.
(() => {
  const walked = Symbol.for("conoceles.tabstops");

  const describe = (el) => {
    let s = el.localName;
    if (el.id) s += "#" + el.id;
    else if (el.classList.length) s += "." + [...el.classList].join(".");
    const says = (el.getAttribute("aria-label") || el.innerText || el.name || "").trim().replace(/\s+/g, " ").slice(0, 50);
    return says ? `${s} «${says}»` : s;
  };

  // rgba of any CSS colour, by painting it.
  const rgba = (color) => {
    const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data;
  };
  const luminance = (c) => {
    const [r, g, b] = [c[0], c[1], c[2]].map((v) => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  // ground is the colour that is painted behind an element.
  const ground = (el) => {
    for (let e = el; e; e = e.parentElement) {
      const c = rgba(getComputedStyle(e).backgroundColor);
      if (c[3] > 250) return c;
    }
    return [255, 255, 255, 255];
  };

  // outline says what is wrong with the focus outline, or "". Only an outline
  // counts: shadows and colours disappear with forced colours.
  const outline = (el) => {
    const s = getComputedStyle(el);
    const width = parseFloat(s.outlineWidth);
    if (s.outlineStyle === "none" || width === 0) return "has no focus outline";
    if (s.outlineStyle === "auto") return "";
    if (width < 2) return `has a focus outline of ${width} pixels, less than 2`;
    const color = rgba(s.outlineColor);
    const behind = ground(parseFloat(s.outlineOffset) < 0 ? el : el.parentElement);
    const ratio = color[3] < 250 ? 1 : contrast(color, behind);
    return ratio < 3 ? `has a focus outline with a contrast of ${ratio.toFixed(1)}, less than 3` : "";
  };

  // cover says what hides the centre of an element, or "". A line of a link that
  // breaks has its own centre: one in sight is enough.
  const cover = (el) => {
    let hides = "is outside the screen";
    for (const r of el.getClientRects()) {
      const [left, right] = [Math.max(r.left, 0), Math.min(r.right, innerWidth)];
      const [top, bottom] = [Math.max(r.top, 0), Math.min(r.bottom, innerHeight)];
      if (right - left < 1 || bottom - top < 1) continue;
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (hit && (el.contains(hit) || [...(el.labels || [])].some((l) => l.contains(hit)))) return "";
      hides = "is covered by " + (hit ? describe(hit) : "nothing that can be pointed at");
    }
    return hides;
  };

  const tabbable = () =>
    [...document.querySelectorAll("a[href], area[href], button, input, select, textarea, summary, audio[controls], video[controls], [contenteditable], [tabindex]")].filter((el) => {
      if (el.tabIndex < 0 || el.disabled || el.type === "hidden" || el.closest("[inert], fieldset:disabled")) return false;
      if (el.localName === "summary" && el.parentElement.querySelector(":scope > summary") !== el) return false;
      return el.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
    });

  return {
    // overflow returns how far the page scrolls sideways, and because of whom.
    overflow() {
      const root = document.documentElement;
      const extra = root.scrollWidth - root.clientWidth;
      if (extra <= 0) return { extra: 0, culprits: [] };
      // What an element holds may end further than the element.
      const end = (el) => {
        const r = el.getBoundingClientRect();
        return Math.max(r.right, getComputedStyle(el).overflowX === "visible" ? r.left + el.scrollWidth : 0);
      };
      const sticksOut = (el) => end(el) > root.clientWidth + 0.5;
      const out = [...document.body.querySelectorAll("*")].filter(sticksOut);
      const deepest = out.filter((el) => ![...el.children].some(sticksOut));
      return { extra, culprits: deepest.slice(0, 3).map((el) => `${describe(el)} ends at ${Math.round(end(el))}`) };
    },

    // space applies the text spacing of WCAG 1.4.12; a constructed sheet is
    // outside the content policy.
    space(on) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }");
      document.adoptedStyleSheets = on ? [sheet] : [];
    },

    // begin puts the focus before the first stop.
    begin() {
      window[walked] = [];
      const had = document.body.getAttribute("tabindex");
      document.body.tabIndex = -1;
      document.body.focus({ preventScroll: true });
      document.body.blur();
      if (had === null) document.body.removeAttribute("tabindex");
      else document.body.setAttribute("tabindex", had);
      scrollTo(0, 0);
    },

    // stop judges what has the focus now.
    stop() {
      const el = document.activeElement;
      if (!el || el === document.body || el === document.documentElement || el === window[walked][0]) return { end: true };
      const seen = window[walked].includes(el);
      window[walked].push(el);
      return { end: false, seen, element: describe(el), outline: outline(el), cover: cover(el) };
    },

    // missed returns what should have been a stop and was not. A group of radio
    // buttons is one stop.
    missed() {
      const stops = window[walked];
      const group = (el) => stops.some((s) => s.type === "radio" && s.name === el.name && s.form === el.form);
      return tabbable().filter((el) => !stops.includes(el) && !(el.type === "radio" && group(el))).map(describe);
    },
  };
})()
