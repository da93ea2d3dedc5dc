import{q as a,r as b}from"./chunk-VWJBMUMN.js";import"./chunk-7XGVY7Q6.js";import"./chunk-VJ7E6VU6.js";import"./chunk-JTOGFROP.js";export{a as editAsCode,b as look};
