// How what is typed is compared with what there is: letters without their marks, beginnings, parts, and one slip of the pen.
const letters = (() => {
  "use strict";
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
  // One letter wrong, missing, too many, or two that changed places.
  const nearly = (a, b) => {
    let start = 0;
    while (start < a.length && a[start] === b[start]) start += 1;
    const [x, y] = [a.slice(start), b.slice(start)];
    return x.slice(1) === y || x === y.slice(1) || x.slice(1) === y.slice(1)
      || (x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2));
  };
  const score = (wanted, candidate) => {
    if (candidate === wanted) return 0;
    if (candidate.startsWith(wanted)) return 1;
    if (candidate.includes(` ${wanted}`)) return 2;
    if (wanted.length > 2 && candidate.includes(wanted)) return 3;
    const lengths = [wanted.length - 1, wanted.length, wanted.length + 1];
    return wanted.length > 3 && lengths.some((length) => nearly(wanted, candidate.slice(0, length))) ? 4 : Infinity;
  };
  return { plain, score };
})();
