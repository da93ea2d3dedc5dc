// The icons the product uses, by their Lucide name. The build puts them into one sprite.
export const icons = `
arrow-down arrow-left arrow-right arrow-up arrow-up-down bell ban book-open box braces bug building
calendar calendar-clock chart-line check check-check chevron-down chevron-left chevron-right chevron-up
circle circle-alert circle-check circle-help circle-minus circle-plus circle-slash circle-stop circle-x
clock cloud code code-xml copy copy-plus corner-down-left cpu database download ellipsis ellipsis-vertical
equal external-link eye eye-off file file-json file-text file-up filter flag folder folder-open gauge
git-branch git-fork globe group clipboard-paste grip-vertical hand hash heading history hourglass house id-card import inbox info key key-round
keyboard layers layout-list layout-template link list list-filter list-ordered list-tree loader lock lock-open log-in log-out
mail maximize message-square minus moon mouse-pointer-click move-left move-right network octagon-alert package
panel-right panels-top-left pause pencil pin play plug plug-zap plus power power-off puzzle redo-2 refresh-cw regex repeat reply
rocket rotate-ccw route save scissors search send server settings settings-2 share-2 shield shield-alert shield-check
shuffle sigma signpost skip-forward slash sliders-horizontal sparkles split square square-function square-pen star step-forward sticky-note
sun table tag tags terminal text-cursor-input timer toggle-left toggle-right trash-2 triangle-alert type undo-2 unplug
upload user user-plus user-round users variable wand-sparkles webhook workflow wrench x zap zoom-in
`.trim().split(/\s+/);
