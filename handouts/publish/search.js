"use strict";
// The search of the front desk: the same rules as handouts/finding/matching.py and search.py, which
// explain them; tests/browser compares the answers.
function makeSearch(data) {
  const AROUND = new Set(" \t\n\u00a0.,;:()\"'“”‘’-–—");
  const CODE = /^[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{0,4})?$/;
  const BETWEEN = /[ \t\r\n\u00a0,;/+&]+/;
  const MOST_WORDS = 12, MOST_NEAR = 4, CODE_SCORE = 100, ELSEWHERE = "~";
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
  const unique = (list) => [...new Set(list)];

  // --- Words ---
  function folded(text) {
    const found = [];
    let word = "", start = 0, end = 0;
    [...text, " "].forEach((char, place) => {
      const bare = [...char.normalize("NFKD").toLowerCase()].filter((one) => !/\p{M}/u.test(one));
      if (bare.every((one) => /[\p{L}\p{N}]/u.test(one))) {
        start = word ? start : place;
        word += bare.join("");
        end = place + 1;
      } else if (word) {
        found.push([word, start, end]);
        word = "";
      }
    });
    return found;
  }

  function stem(word) {
    if (word.length >= 4 && word.endsWith("s") && !word.endsWith("ss")) word = word.slice(0, -1);
    if (word.length >= 6 && word.endsWith("ing")) return word.slice(0, -3);
    if (word.length >= 5 && word.endsWith("ed")) return word.slice(0, -2);
    if (word.length >= 5 && word.endsWith("y")) return word.slice(0, -1) + "i";
    const least = word.endsWith("e") ? 5 : 6;
    return word.length >= least && /[eao]$/.test(word) ? word.slice(0, -1) : word;
  }

  function slips(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return false;
    let older = [], before = [], row = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i += 1) {
      [older, before, row] = [before, row, [i]];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1];
        let cost = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          cost = Math.min(cost, older[j - 2] + 1);
        }
        row.push(cost);
      }
      if (Math.min(...row) > most) return false;
    }
    return row[other.length] <= most;
  }

  const texts = data.texts.map(([condition, kind, lang, text, weight]) => (
    { condition, kind, lang, text, weight }
  ));
  const words = new Map(), stems = new Map(data.apart.map((word) => [stem(word), []]));
  texts.forEach((one, number) => {
    for (const [word, start, end] of folded(one.text)) {
      if (!words.has(word)) words.set(word, []);
      words.get(word).push([number, start, end]);
    }
  });
  for (const word of words.keys()) {
    if (!stems.has(stem(word))) stems.set(stem(word), []);
    stems.get(stem(word)).push(word);
  }

  function fitting(list, share, begun) {
    const found = new Map();
    for (const word of list) {
      for (const [number, start, end] of words.get(word)) {
        const last = begun ? Math.min(end, start + begun) : end;
        if (!found.has(number)) found.set(number, { weight: texts[number].weight * share, marks: [] });
        found.get(number).marks.push([start, last]);
      }
    }
    return found;
  }

  const letters = (word) => [...word].sort().join("");
  function near(word, most) {
    return [...words.keys()].filter((other) => {
      if (word.length >= 5 && other.length >= 4) return slips(word, other, word.length > 5 ? most : 1);
      return word.length === 4 && other.length === 4 && letters(word) === letters(other)
        && slips(word, other, 1);
    });
  }

  function matches(word) {
    const known = stems.get(stem(word));
    if (known) return fitting(known, 1);
    const begun = word.length < 2 ? [] : [...words.keys()].filter((one) => one.startsWith(word));
    return begun.length ? fitting(begun, 0.8, word.length) : fitting(near(word, 1), 0.5);
  }

  function nearly(word) {
    const found = matches(word);
    return found.size || stems.has(stem(word)) ? found : fitting(near(word, 2), 0.5);
  }

  // --- What was typed ---
  function normalCode(chunk) {
    let signs = [...chunk];
    while (signs.length && AROUND.has(signs[0])) signs.shift();
    while (signs.length && AROUND.has(signs[signs.length - 1])) signs.pop();
    const text = signs.join("").toUpperCase();
    if (!CODE.test(text)) return "";
    const bare = text.replaceAll(".", "");
    return bare.length > 3 ? `${bare.slice(0, 3)}.${bare.slice(3)}` : bare;
  }

  const longest = (phrases) => Math.max(0, ...Object.keys(phrases).map((one) => one.split(" ").length));
  const most = { layouts: longest(data.layouts), languages: longest(data.languages) };
  function chosen(list, kind) {
    const left = [];
    let choice = "", place = 0;
    while (place < list.length) {
      let length = most[kind];
      for (; length > 0; length -= 1) {
        const phrase = list.slice(place, place + length).join(" ");
        if (place + length <= list.length && Object.hasOwn(data[kind], phrase)) {
          choice = data[kind][phrase];
          break;
        }
      }
      if (length === 0) left.push(list[place]);
      place += Math.max(1, length);
    }
    return [left, choice];
  }

  const ignore = new Set(data.ignore);
  function toldApart(text) {
    const codes = [], spelled = new Map();
    let list = [];
    for (const chunk of text.split(BETWEEN)) {
      const code = normalCode(chunk);
      if (code) {
        codes.push(code);
        continue;
      }
      for (const [word, start, end] of folded(chunk)) {
        list.push(word);
        if (!spelled.has(word)) spelled.set(word, [...chunk].slice(start, end).join(""));
      }
    }
    let layout, lang;
    [list, layout] = chosen(list.slice(0, MOST_WORDS), "layouts");
    [list, lang] = chosen(list, "languages");
    const said = list.filter((word) => [...word].length > 1 && !ignore.has(word));
    return {
      wanted: { lang, layout }, codes: unique(codes).slice(0, MOST_WORDS), words: unique(said),
      spelled,
    };
  }

  // --- Codes ---
  const under = (code, prefixes) => prefixes.some((one) => code.startsWith(one));
  function fit(asked, known) {
    for (const rule of data.excludes) {
      for (const first of asked) {
        for (const second of asked) {
          if (first !== second && under(first, rule.a) && under(second, rule.b)) {
            return { clash: rule, each: [], together: [], sure: false };
          }
        }
      }
    }
    const names = [...known.keys()].sort();
    const each = asked.map((code) => (
      names.filter((name) => known.get(name).some((leaf) => leaf.startsWith(code)))
    ));
    const together = names.filter((name) => each.every((one) => one.includes(name)));
    const sure = asked.some((code) => !under(code, data.any_part)
      && (under(code, data.whole) || [...known.values()].some((one) => one.includes(code))));
    return { clash: null, each, together, sure };
  }

  // --- Results ---
  const conditions = unique(data.rows.map((row) => row.condition)).sort();
  const approved = data.rows.filter((row) => row.approved);
  const before = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  function ordered(hits, lang) {
    const rank = (name) => {
      const own = approved.filter((row) => row.condition === name);
      return own.some((row) => row.lang === lang) ? 0 : own.length ? 1 : 2;
    };
    return [...hits].sort((one, other) => rank(one.condition) - rank(other.condition)
      || other.score - one.score || before(one.condition, other.condition));
  }

  function joined(marks) {
    const found = [];
    for (const [start, end] of [...marks].sort((one, other) => one[0] - other[0] || one[1] - other[1])) {
      const last = found[found.length - 1];
      if (last && start < last[1]) last[1] = Math.max(end, last[1]);
      else if (!last || start !== last[0] || end !== last[1]) found.push([start, end]);
    }
    return found;
  }

  return function search(text, lang) {
    const { wanted, codes, words: asked, spelled } = toldApart(text);
    const of = wanted.lang || lang;
    const answer = {
      wanted, hits: [], near: [], is_packet: false, asked: true, note: "", missed: [],
    };
    if (!codes.length && !asked.length) {
      const all = wanted.lang || wanted.layout ? conditions : [];
      answer.hits = ordered(all.map((condition) => ({ condition, reasons: [], score: 0 })), of);
      answer.asked = answer.hits.length > 0;
      return answer;
    }
    const rows = [...data.rows].sort((one, other) => (one.lang === of) - (other.lang === of));
    const known = new Map(rows.map((row) => [row.condition, row.codes]));
    const all = new Map([...known, [ELSEWHERE, data.elsewhere]]);
    const whole = fit(codes, all), each = codes.map((code) => fit([code], all));
    const here = (one) => one.together.filter((name) => name !== ELSEWHERE);
    const offered = unique(each.flatMap(here));
    if (whole.clash) {
      answer.note = whole.clash.note[of] || whole.clash.note.en || "";
      answer.near = offered.slice(0, MOST_NEAR);
      return answer;
    }
    const isTold = (one) => here(one).length > 1
      || (here(one).length === 1 && one.together.length === 1 && one.sure);
    const byCode = codes.length ? (isTold(whole) ? here(whole) : []) : conditions;
    const sure = each.filter((one) => one.together.length === 1 && isTold(one));
    const names = unique(sure.flatMap((one) => one.together));
    const isPacket = !byCode.length && !whole.together.length && names.length > 1
      && each.every((one) => one.together.some((name) => names.includes(name)));

    const found = asked.map(matches);
    const of_ = (name, match) => new Map(
      [...match].filter(([number]) => texts[number].condition === name),
    );
    function reasons(own) {
      const shown = [];
      let left = own;
      while (left.length) {
        const worth = (number) => {
          const weights = left.filter((one) => one.has(number)).map((one) => one.get(number).weight);
          return [weights.length, sum(weights), texts[number].lang === of ? 1 : 0, -number];
        };
        const numbers = unique(left.flatMap((one) => [...one.keys()]));
        const best = numbers.reduce((one, other) => {
          const [a, b] = [worth(one), worth(other)];
          const at = a.findIndex((value, index) => value !== b[index]);
          return at >= 0 && b[at] > a[at] ? other : one;
        });
        const marks = own.filter((one) => one.has(best)).flatMap((one) => one.get(best).marks);
        const { kind, text: said, lang: spoken } = texts[best];
        shown.push({ kind, text: said, marks: joined(marks), lang: spoken });
        left = left.filter((one) => !one.has(best));
      }
      return shown;
    }
    function hit(name) {
      const own = found.map((match) => of_(name, match)).filter((one) => one.size);
      let score = sum(own.map((one) => Math.max(...[...one.values()].map((each_) => each_.weight))));
      const numbers = unique(own.flatMap((one) => [...one.keys()]));
      score += Math.max(0, ...numbers.map((n) => own.filter((one) => one.has(n)).length - 1));
      const because = [];
      for (const code of codes) {
        const leaves = known.get(name).filter((leaf) => leaf.startsWith(code));
        if (leaves.length) {
          const title = `${leaves[0]} ${data.titles[leaves[0]] || ""}`.trim();
          const more = leaves.length > 1 ? ", …" : "";
          because.push({ kind: "code", text: title + more, marks: [[0, code.length]], lang: "en" });
        }
      }
      score += CODE_SCORE * because.length;
      return { condition: name, reasons: [...because, ...reasons(own)], score };
    }
    let fits = byCode.filter((name) => found.every((match) => of_(name, match).size));
    if (codes.length && !fits.length) fits = isPacket ? names : byCode;
    const within = fits.length ? fits : conditions;
    answer.missed = asked.filter((_, at) => !within.some((name) => of_(name, found[at]).size))
      .map((word) => spelled.get(word));
    if (fits.length) {
      const hits = fits.map(hit);
      answer.is_packet = isPacket;
      answer.hits = isPacket ? hits : ordered(hits, of);
      return answer;
    }
    answer.missed.unshift(...codes.filter((_, at) => !each[at].together.length));
    if (codes.length && !each.every((one) => one.together.length)) return answer;
    const few = Math.max(1, Math.floor(conditions.length / 2));
    const telling = asked.map((word) => new Set([...nearly(word).keys()].map((n) => texts[n].condition)))
      .filter((one) => one.size <= few);
    const ranked = ordered((codes.length ? offered : conditions).map((condition) => (
      { condition, score: telling.filter((one) => one.has(condition)).length }
    )), of);
    answer.near = ranked.filter((one) => one.score || codes.length || !asked.length)
      .map((one) => one.condition).slice(0, MOST_NEAR);
    return answer;
  };
}
