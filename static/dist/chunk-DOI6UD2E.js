import{q as a,r as b}from"./chunk-PPEFKUIU.js";import"./chunk-IC2OTFB3.js";import"./chunk-P37FFW72.js";import"./chunk-NG65IWDM.js";export{a as editAsCode,b as look};
