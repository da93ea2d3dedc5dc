import{q as a,r as b}from"./chunk-U2UDGBSI.js";import"./chunk-PHYFEADZ.js";import"./chunk-P3SH2PME.js";import"./chunk-NG65IWDM.js";export{a as editAsCode,b as look};
