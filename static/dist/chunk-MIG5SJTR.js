import{q as a,r as b}from"./chunk-5OY3IGRD.js";import"./chunk-O26BGZTQ.js";export{a as editAsCode,b as look};
