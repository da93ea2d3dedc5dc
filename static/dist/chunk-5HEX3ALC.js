import{q as a,r as b}from"./chunk-TMHHP7M3.js";import"./chunk-OSQ5OYWT.js";import"./chunk-EGJWYQAR.js";import"./chunk-NG65IWDM.js";export{a as editAsCode,b as look};
