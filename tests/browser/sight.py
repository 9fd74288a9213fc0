"""What a demanding eye finds wrong with a page: for screen readers, on a narrow phone, in another language."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

WIDTHS = (1440, 390)
HEAVIEST = 100_000  # bytes of a page's own HTML
AXE = Axe().axe_script
VIOLATIONS = "axe.run(document, {resultTypes: ['violations']}).then(answer => answer.violations)"

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


def complaints(page: Page, answer: Response | None) -> list[str]:
    assert answer
    found = [] if answer.status == 200 else [f"answers {answer.status}"]
    if (weight := len(answer.body())) > HEAVIEST:
        found.append(f"weighs {weight} bytes")
    found += [f"English: {word}" for word in page.evaluate(ENGLISH, LATIN)]
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{wide} px wide on a screen of {width}")
        for violation in page.evaluate(VIOLATIONS):
            places = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
            found.append(f"{width}: {violation['id']} ({violation['help']}) at {places}")
    return found
