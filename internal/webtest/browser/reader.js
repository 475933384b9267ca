// What is asked of a page for whoever sees it their own way: with more space in
// the text, with the colours of their system, large, or with an unsteady hand.
// Evaluates to an object of functions, which leave nothing in the page.
(() => {
  const most = 4; // complaints of one kind; more say nothing new

  const describe = (el) => {
    let s = el.localName;
    if (el.id) s += "#" + el.id;
    else if (el.classList.length) s += "." + [...el.classList].join(".");
    const says = (el.getAttribute("aria-label") || el.textContent || el.name || "").trim().replace(/\s+/g, " ").slice(0, 50);
    return says ? `${s} «${says}»` : s;
  };
  // What is clipped to nothing is for readers of the screen alone.
  const speck = (el) => {
    if (!el) return false;
    const s = getComputedStyle(el);
    return s.clipPath.startsWith("inset(50%") || (el.clientWidth < 2 && s.overflowX === "hidden" && s.display !== "inline") || speck(el.parentElement);
  };
  const hidden = (el) => el.closest(".salto, [inert]") || !el.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) || speck(el);

  // lines are the lines of text that the page shows, each with its place, but
  // for what floats above it.
  const lines = () => {
    const afloat = [...document.body.querySelectorAll("*")].filter((el) => /sticky|fixed/.test(getComputedStyle(el).position));
    const out = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const el = node.parentElement;
      if (!node.data.trim() || /^(script|style|option|textarea)$/.test(el.localName) || el.closest("svg") || hidden(el) || afloat.some((f) => f.contains(el))) continue;
      range.selectNodeContents(node);
      for (const r of range.getClientRects()) {
        if (r.width < 2 || r.height < 2) continue;
        const trim = r.height * 0.3; // what is above and below small letters may touch
        out.push({ node, el, left: r.left + 1, right: r.right - 1, top: r.top + trim, bottom: r.bottom - trim });
      }
    }
    return out.sort((a, b) => a.top - b.top);
  };

  const overlapped = () => {
    const all = lines(), found = [];
    for (let i = 0; i < all.length; i++) {
      const a = all[i];
      for (let j = i + 1; j < all.length && all[j].top < a.bottom - 1; j++) {
        const b = all[j];
        if (a.node === b.node || Math.min(a.right, b.right) - Math.max(a.left, b.left) <= 1) continue;
        found.push(`${describe(a.el)} and ${describe(b.el)} are one over the other`);
        if (found.length === most) return found;
      }
    }
    return found;
  };

  const clipped = () => {
    const found = [];
    for (const el of document.body.querySelectorAll("*")) {
      const s = getComputedStyle(el);
      const cuts = (how) => how === "hidden" || how === "clip";
      const tall = cuts(s.overflowY) && el.scrollHeight - el.clientHeight > 1;
      const wide = cuts(s.overflowX) && el.scrollWidth - el.clientWidth > 1;
      if (!(tall || wide) || el.clientWidth < 3 || el.clientHeight < 3 || !el.textContent.trim() || hidden(el)) continue;
      found.push(`${describe(el)} is cut`);
      if (found.length === most) break;
    }
    return found;
  };

  const controls = () => [...document.querySelectorAll("button, input, select, textarea, summary, .btn")].filter((el) => el.type !== "hidden" && !hidden(el));

  // A small box has its label for a target too.
  const small = (el) => {
    let { left, right, top, bottom } = el.getBoundingClientRect();
    if (el.type === "radio" || el.type === "checkbox") {
      for (const l of el.labels || []) {
        const r = l.getBoundingClientRect();
        [left, right, top, bottom] = [Math.min(left, r.left), Math.max(right, r.right), Math.min(top, r.top), Math.max(bottom, r.bottom)];
      }
    }
    const [width, height] = [right - left, bottom - top];
    return width < 43.5 || height < 43.5 ? `${describe(el)} measures ${Math.round(width)} by ${Math.round(height)}, less than 44` : "";
  };

  // rgba of any colour as it is computed, system ones included.
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
  const memory = new Map();
  const known = (color) => {
    if (!memory.has(color)) memory.set(color, rgba(color));
    return memory.get(color);
  };
  const canvas = () => {
    const el = document.body.appendChild(document.createElement("i"));
    el.style.setProperty("background-color", "Canvas");
    const color = getComputedStyle(el).backgroundColor;
    el.remove();
    return known(color);
  };
  const ground = (el, page) => {
    for (let e = el; e; e = e.parentElement) {
      const c = known(getComputedStyle(e).backgroundColor);
      if (c[3] > 250) return c;
    }
    return page;
  };
  const edged = (el, page) => {
    const s = getComputedStyle(el);
    if (s.textDecorationLine.includes("underline")) return true; // it looks like a link
    const behind = ground(el.parentElement, page);
    if (contrast(known(s.backgroundColor), behind) >= 3 && known(s.backgroundColor)[3] > 250) return true;
    return ["Top", "Right", "Bottom", "Left"].some(
      (side) => parseFloat(s[`border${side}Width`]) >= 1 && s[`border${side}Style`] !== "none" && contrast(known(s[`border${side}Color`]), behind) >= 3,
    );
  };

  return {
    // crowded says which text is cut, or is over another.
    crowded() {
      return [...clipped(), ...overlapped()];
    },

    // targets says which controls are small for an unsteady hand (WCAG 2.5.5).
    targets() {
      return controls().map(small).filter(Boolean).slice(0, most);
    },

    // reading says what tires whoever reads: justified text, tight lines (WCAG
    // 1.4.8), movement for whoever asked for none (2.3.3); and whether the page
    // does not say where in the site it is (2.4.8).
    reading(placed) {
      const found = [];
      for (const el of document.querySelectorAll("main p, main dd, main li")) {
        const s = getComputedStyle(el);
        if (hidden(el)) continue;
        if (s.textAlign === "justify") found.push(`${describe(el)} is justified`);
        const lineHeight = parseFloat(s.lineHeight) / parseFloat(s.fontSize);
        const own = [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim().length > 200);
        if (own && lineHeight < 1.49) found.push(`${describe(el)} has lines ${lineHeight.toFixed(2)} apart, less than 1.5`);
        if (found.length === most) break;
      }
      for (const el of document.querySelectorAll("*")) {
        const s = getComputedStyle(el);
        if (s.animationName !== "none" && parseFloat(s.animationDuration) > 0.01) found.push(`${describe(el)} moves`);
      }
      const brand = document.querySelector("header a.marca"); // it leads to the first page of the site, or of the area
      const bare = (address) => address.replace(/\/$/, "");
      if (placed && brand && document.querySelector("header nav") && bare(brand.pathname) !== bare(location.pathname) && !document.querySelector('[aria-current], [aria-label="Ruta"]')) found.push("the page does not say where in the site it is");
      return found;
    },

    // forced says what is lost with the colours of the system: text that its
    // ground hides, controls without an edge.
    forced() {
      if (!matchMedia("(forced-colors: active)").matches) return ["the colours of the system are not in force"];
      const page = canvas(), found = [], seen = new Set();
      for (const { el } of lines()) {
        if (seen.has(el)) continue;
        seen.add(el);
        const ratio = contrast(known(getComputedStyle(el).color), ground(el, page));
        if (ratio < 4.5) found.push(`${describe(el)} has a contrast of ${ratio.toFixed(1)}`);
        if (found.length === most) break;
      }
      for (const el of controls()) {
        if (/^(radio|checkbox|file|image)$/.test(el.type) || el.localName === "summary") continue;
        if (!edged(el, page)) found.push(`${describe(el)} has no edge`);
      }
      return found.slice(0, 2 * most);
    },
  };
})()
