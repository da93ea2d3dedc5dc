import{q as a,r as b}from"./chunk-EXPHJ4VP.js";import"./chunk-4EOWPAGD.js";import"./chunk-NG65IWDM.js";export{a as editAsCode,b as look};
