// The telephones in the browser: what is pressed goes to the carrier, what is heard comes back as words.
"use strict";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const LOOK_MILLISECONDS = 500;
const aloud = document.getElementById("aloud");

async function act(number, action, asked = {}) {
  const answer = await fetch(`/phones/${encodeURIComponent(number)}/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
  });
  if (!answer.ok) throw new Error(`The telephone could not ${action}.`);
}

function sentence(event) {
  switch (event.event) {
    case "heard": return ["said", event.text];
    case "pressed": return ["key", `pressed ${event.keys}`];
    case "spoke": return ["key", `said: ${event.text}`];
    case "dialed": return ["note", `dialled ${event.to}`];
    case "ringing": return ["note", `rings: ${event.from}`];
    case "answered": return ["note", "answered"];
    case "declined": return ["note", "rejected"];
    case "ended": return ["note", `the call is over (${event.status})`];
    default: return null;
  }
}

class Telephone {
  constructor(box, number) {
    this.box = box;
    this.number = number;
    this.seen = 0;
    this.watching = 0;
    const pad = box.querySelector(".keypad");
    for (const key of KEYS) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = key;
      button.dataset.key = key;
      button.addEventListener("click", () => act(this.number, "press", { keys: key }));
      pad.append(button);
    }
    for (const action of ["answer", "reject", "hangup"]) {
      box.querySelector(`.${action}`)?.addEventListener("click", () => act(this.number, action));
    }
  }

  // Follow this telephone until another number is chosen. A browser keeps only six connections to
  // one host, so nobody waits on an open one here; the page looks again and again.
  async watch() {
    const turn = ++this.watching;
    while (turn === this.watching) {
      try {
        const address = `/phones/${encodeURIComponent(this.number)}/events?after=${this.seen}`;
        const { events, state } = await (await fetch(address)).json();
        if (turn !== this.watching) return;
        for (const event of events) this.show(event);
        this.seen += events.length;
        this.mark(state);
      } catch {
        // The carrier is away for a moment; look again.
      }
      await new Promise((later) => setTimeout(later, LOOK_MILLISECONDS));
    }
  }

  show(event) {
    const told = sentence(event);
    if (!told) return;
    const line = document.createElement("li");
    line.className = told[0];
    line.textContent = told[1];
    const list = this.box.querySelector(".heard");
    list.append(line);
    list.scrollTop = list.scrollHeight;
    if (told[0] === "said" && aloud.checked && !told[1].startsWith("[")) {
      speechSynthesis.speak(new SpeechSynthesisUtterance(told[1]));
    }
  }

  mark(state) {
    this.box.classList.toggle("rings", state.ringing);
    this.box.classList.toggle("talks", state.on_a_call);
    this.box.querySelector(".state").textContent =
      state.ringing ? "rings" : state.on_a_call ? "on a call" : "on the hook";
  }
}

const callerBox = document.getElementById("caller");
const caller = new Telephone(callerBox, "+12125550177");

document.getElementById("dial").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const from = "+" + form.get("from").replace(/\D/g, "");
  if (from !== caller.number) {
    caller.number = from;
    caller.seen = 0;
  }
  await act(caller.number, "dial", { to: form.get("to") });
  caller.watch();
});

callerBox.querySelector(".speak").addEventListener("submit", async (event) => {
  event.preventDefault();
  await act(caller.number, "speak", { text: new FormData(event.target).get("text") });
  event.target.reset();
});

async function start() {
  const [numbers, phones] = await Promise.all(
    ["/numbers", "/phones"].map(async (address) => (await fetch(address)).json()));
  for (const number of numbers) {
    const option = document.createElement("option");
    option.value = number;
    document.getElementById("numbers").append(option);
  }
  for (const { number, name } of phones) {
    const box = document.getElementById("telephone").content.firstElementChild.cloneNode(true);
    box.querySelector("h3").textContent = `${name} ${number}`;
    box.dataset.number = number;
    document.getElementById("shelf").append(box);
    new Telephone(box, number).watch();
  }
  caller.watch();
}

start();
