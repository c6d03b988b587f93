// Hands in a chosen file at once; its token goes into the hidden field that the form sends.

const PATH = "/files/uploads";

function tell(input, name, detail) {
  input.dispatchEvent(new CustomEvent(name, { detail }));
}

function answered(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function send(input) {
  const file = input.files[0];
  const token = document.getElementById(input.dataset.upload);
  const bar = document.getElementById(`${input.dataset.upload}-progress`);
  input.running?.abort();
  token.value = "";
  if (!file) return tell(input, "uploadcleared", "");
  const request = (input.running = new XMLHttpRequest());
  request.open("POST", `${PATH}?name=${encodeURIComponent(file.name.slice(-200))}`);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener("loadend", () => {
    bar.hidden = true;
  });
  request.addEventListener("load", () => {
    const answer = answered(request);
    if (request.status !== 200) return tell(input, "uploadfailed", answer.error ?? {});
    token.value = answer.token;
    tell(input, "uploaded", answer.name);
  });
  request.addEventListener("error", () => tell(input, "uploadfailed", {}));
  bar.value = 0;
  bar.hidden = false;
  tell(input, "uploadbegun", file.name);
  request.send(file);
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[type=file][data-upload]")) send(event.target);
});
