import "./lib/theme.css";
import "./lib/base.css";
import { mount } from "svelte";
import App from "./app.svelte";

// A constant of the build: the fake never reaches the program.
if (import.meta.env.MODE === "fake") await import("../dev/fake-ipc");

const target = document.getElementById("app");
if (target) mount(App, { target });
