import{q as a,r as b}from"./chunk-OYHRSVJY.js";import"./chunk-CZBAT27U.js";import"./chunk-EGJWYQAR.js";import"./chunk-NG65IWDM.js";export{a as editAsCode,b as look};
