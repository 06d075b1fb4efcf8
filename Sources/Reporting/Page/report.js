"use strict";
// Tells the values under the pointer, or under the arrow keys of a plot that has the focus. Without it
// the page shows the same figures.
(() => {
  const readout = document.getElementById("readout");

  const digits = (value, unit) => {
    const size = Math.abs(value);
    const text = size === 0 ? "0" : size >= 100 ? size.toFixed(0) : size.toPrecision(3);
    return (value < 0 ? "−" : "") + text + unit;
  };
  const duration = (ns) => {
    if (ns < 1e3) return ns.toFixed(0) + " ns";
    if (ns < 999.5e3) return digits(ns / 1e3, " µs");
    if (ns < 999.5e6) return digits(ns / 1e6, " ms");
    return digits(ns / 1e9, " s");
  };
  const written = (value, unit) => (unit === "ns" ? duration(value) : digits(value, ""));
  const place = (x, unit) => {
    if (unit === "percentile") {
      const above = Math.pow(10, -x);
      return (100 * (1 - above)).toFixed(x < 2 ? 1 : Math.ceil(x)) + " %";
    }
    if (unit === "frame") return "frame " + Math.floor(x).toLocaleString("en");
    return unit === "s" ? x.toFixed(x < 1000 ? 2 : 1) + " s" : written(x, unit);
  };
  const entry = (series, x) => {
    const index = Math.round((x - series.start) / series.step);
    const low = series.low[index];
    if (low === undefined || low === null) {
      return series.remarks[index] ? series.remarks[index] : null;
    }
    const high = series.high ? series.high[index] : low;
    let text = written(low, series.unit);
    const other = written(high, series.unit);
    if (other !== text) text += " to " + other;
    return series.remarks[index] ? text + ", " + series.remarks[index] : text;
  };

  const plots = [...document.querySelectorAll(".plot")].flatMap((element) => {
    const source = element.querySelector(":scope > script");
    if (!source) return [];
    return [{ area: element.querySelector(".area"), axis: element.dataset.axis, group: element.dataset.group, data: JSON.parse(source.textContent) }];
  });

  const hide = () => {
    readout.hidden = true;
    document.querySelectorAll(".cursor").forEach((cursor) => cursor.remove());
  };
  const show = (plot, share, left, top) => {
    hide();
    const { low, high, logarithmic, unit } = plot.data;
    const together = plot.group ? plots.filter((other) => other.group === plot.group) : [plot];
    const series = together.flatMap((other) => other.data.series);
    const x = logarithmic ? low * Math.pow(high / low, share) : low + share * (high - low);
    for (const other of plots) {
      if (other !== plot && !(plot.axis && other.axis === plot.axis)) continue;
      const cursor = document.createElement("div");
      cursor.className = "cursor";
      cursor.style.left = 100 * share + "%";
      other.area.append(cursor);
    }
    const title = document.createElement("b");
    title.textContent = place(x, unit);
    const lines = series.flatMap((one) => {
      const text = entry(one, x);
      if (text === null) return [];
      const line = document.createElement("p");
      const key = document.createElement("span");
      key.className = "key " + (one.lane || "neutral");
      key.append(document.createElement("i"), one.name);
      const value = document.createElement("span");
      value.textContent = text;
      line.append(key, value);
      return [line];
    });
    readout.replaceChildren(title, ...lines);
    readout.hidden = false;
    const box = readout.getBoundingClientRect();
    const right = left + 16 + box.width > innerWidth - 8;
    readout.style.left = Math.max(8, right ? left - 16 - box.width : left + 16) + "px";
    readout.style.top = Math.max(8, Math.min(top + 16, innerHeight - box.height - 8)) + "px";
  };

  for (const plot of plots) {
    let share = 0.5;
    const atKey = () => {
      const box = plot.area.getBoundingClientRect();
      show(plot, share, box.left + share * box.width, box.top + box.height / 2);
    };
    plot.area.addEventListener("pointermove", (event) => {
      const box = plot.area.getBoundingClientRect();
      share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      show(plot, share, event.clientX, event.clientY);
    });
    plot.area.addEventListener("pointerleave", hide);
    plot.area.addEventListener("blur", hide);
    plot.area.addEventListener("focus", atKey);
    plot.area.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -0.005, ArrowRight: 0.005, PageUp: -0.1, PageDown: 0.1, Home: -1, End: 1 };
      if (event.key === "Escape") return hide();
      if (!(event.key in steps)) return;
      event.preventDefault();
      share = Math.min(1, Math.max(0, share + steps[event.key]));
      atKey();
    });
  }
})();
