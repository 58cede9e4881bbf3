// After a refused form the summary of problems gets the focus, so that a screen reader says it first.
document.querySelector("[data-focus]")?.focus();
