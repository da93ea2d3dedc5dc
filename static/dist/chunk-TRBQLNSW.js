import{q as a,r as b}from"./chunk-S7KYRL6Z.js";import"./chunk-4VQPE66X.js";import"./chunk-MQPAA6D7.js";import"./chunk-NG65IWDM.js";import"./chunk-QJDAX2BU.js";export{a as editAsCode,b as look};
