import{q as a,r as b}from"./chunk-QQ2W3P25.js";import"./chunk-42KYCWDV.js";export{a as editAsCode,b as look};
