import{q as a,r as b}from"./chunk-IT3KJTOX.js";import"./chunk-JYWK6L7S.js";import"./chunk-XOS6F7F3.js";export{a as editAsCode,b as look};
