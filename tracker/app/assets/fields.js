// Fills a text field from a file of the person's own; it is read here, and sent with the form alone.

document.addEventListener("change", async (event) => {
  const field = document.getElementById(event.target.dataset?.fills);
  const file = event.target.files?.[0];
  if (field && file) field.value = (await file.text()).slice(0, field.maxLength);
});
