// Makes an element with its properties and what stands inside; text goes in as text, never as markup.
// Called by everything on the page that shows something.

export function element(name, properties = {}, ...inside) {
  const made = document.createElement(name);
  for (const [property, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (property in made) made[property] = value;
    else made.setAttribute(property, value === true ? '' : value);
  }
  made.append(...inside.flat().filter((each) => each !== undefined && each !== false && each !== ''));
  return made;
}
