import{q as a,r as b}from"./chunk-33YLHHA6.js";import"./chunk-TR6CI3LF.js";import"./chunk-5GHT5NOP.js";import"./chunk-NG65IWDM.js";export{a as editAsCode,b as look};
