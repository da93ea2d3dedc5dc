import{q as a,r as b}from"./chunk-W7KSNPVO.js";import"./chunk-3OMEKOOB.js";import"./chunk-5GHT5NOP.js";import"./chunk-NG65IWDM.js";export{a as editAsCode,b as look};
