import{q as a,r as b}from"./chunk-7WDEWFUV.js";import"./chunk-ZB67W43P.js";import"./chunk-5GHT5NOP.js";import"./chunk-NG65IWDM.js";export{a as editAsCode,b as look};
