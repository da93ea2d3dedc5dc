import{q as a,r as b}from"./chunk-PJNJDTQ4.js";import"./chunk-AJTR3QH6.js";import"./chunk-2MFIXODB.js";import"./chunk-NG65IWDM.js";export{a as editAsCode,b as look};
