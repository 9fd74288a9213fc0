"""What a demanding eye finds wrong with a page: for screen readers, on a narrow phone, in another language."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Page, Response

WIDTHS = (1440, 390)
HEAVIEST = 100_000  # bytes of a page's own HTML
AXE = Axe().axe_script
VIOLATIONS = "(unseen) => axe.run({exclude: unseen}, {resultTypes: ['violations']}).then(answer => answer.violations)"

# Names that Chinese, too, writes in Latin letters; the keys of a keyboard and sign-in names stand for themselves.
LATIN = [
    *("SG", "Excel", "CSV", "xlsx", "PDF", "Word", "PPT", "WPS", "MB", "KB", "API", "DOCX"),
    *("GeoJSON", "WGS", "GCJ"),
]
ENGLISH = """(allowed) => {
  const words = [];
  const look = (text) => {
    for (const word of (text || "").match(/[A-Za-z]{2,}/g) || []) if (!allowed.includes(word)) words.push(word);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const within = walker.currentNode.parentElement;
    if (within.closest("script, style, noscript, kbd, datalist, [data-latin], .cast")) continue;
    if (within.checkVisibility()) look(walker.currentNode.textContent);
  }
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [title]"))
    for (const name of ["aria-label", "placeholder", "title"]) look(one.getAttribute(name));
  return words;
}"""

# The fiftieth row of a list is made like the first two, and a page of one desk like that of another: axe would look at
# each as long as at those. What is alike has the same elements with the same classes, roles and states, with words
# where there were words. Answers what is left of the page.
THIN_OUT = """(whole) => {
  const OUTCOME = /^(class|style|role|type|hidden|disabled|open|tabindex|aria-(?!label|describedby|controls|owns).*)$/;
  const skeleton = (node) => {
    const attributes = [...node.attributes].filter((one) => one.name !== "value").map((one) =>
      OUTCOME.test(one.name) ? `${one.name}=${one.value}` : one.value ? one.name : `${one.name}=`);
    const words = [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
    return `${node.tagName} ${attributes.sort()} ${words} (${[...node.children].map(skeleton)})`;
  };
  for (const list of document.querySelectorAll("tbody, ul, ol, dl, select, datalist, .list-group")) {
    const met = new Map();
    for (const row of [...list.children]) {
      const shape = skeleton(row), times = (met.get(shape) || 0) + 1;
      met.set(shape, times);
      if (times > 2) row.remove();
    }
  }
  const page = document.title.trim() ? document.documentElement.lang : "no title";
  return page + skeleton((!whole && document.querySelector("main")) || document.body);
}"""
SHELL = [[".sidebar"]]
looked_at: set[str] = set()  # in this run


def complaints(page: Page, answer: APIResponse | Response | None, *, with_shell: bool = False) -> list[str]:
    """`with_shell`: the frame as well, which is alike around every page of a desk. Leaves the page thinned out."""
    assert answer
    found = [] if answer.status == 200 else [f"answers {answer.status}"]
    if (weight := len(answer.body())) > HEAVIEST:
        found.append(f"weighs {weight} bytes")
    found += [f"English: {word}" for word in page.evaluate(ENGLISH, LATIN)]
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{wide} px wide on a screen of {width}")
    shape = page.evaluate(THIN_OUT, with_shell)
    if shape not in looked_at:
        looked_at.add(shape)
        found += _violations(page, unseen=[] if with_shell else SHELL)
    return found


def _violations(page: Page, unseen: list[list[str]]) -> list[str]:
    found = []
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for violation in page.evaluate(VIOLATIONS, unseen):
            places = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
            found.append(f"{width}: {violation['id']} ({violation['help']}) at {places}")
    return found
