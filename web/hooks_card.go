package web

import (
	"net/http"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/webhook"
	"flowdeck/views"
)

// refusedShown is how many refused deliveries a card shows.
const refusedShown = 5

// hookURL is where a service delivers.
func (d *drawing) hookURL() string { return d.base + hookPrefix + d.flow.Alias }

// refusedDeliveries shows what the webhook did not take, and why.
func (d *drawing) refusedDeliveries() []views.CardList {
	if len(d.refused) == 0 {
		return nil
	}
	list := views.CardList{Title: "Refused deliveries", Hint: "The newest first. Nothing of them is kept but the reason."}
	for _, x := range d.refused {
		list.Items = append(list.Items, views.CardListItem{Text: moment(x.At, d.server.Now()) + " · " + x.Address, Sub: x.Detail})
	}
	return []views.CardList{list}
}

// hookFoot says how deliveries are signed and where they go.
func (d *drawing) hookFoot(x drawn) *views.CardFoot {
	foot := &views.CardFoot{URL: d.hookURL(), CopyLabel: "Copy webhook URL", Security: "Settings", SettingsURL: "/flows/" + d.flow.ID + "/endpoint", SettingsLabel: settingsName(webhook.Card)}
	if hook, err := webhook.Read(x.step.Inputs); err == nil {
		foot.Security = hook.Words()
	}
	return foot
}

// asDelivery is what a delivery with that body would have handed to the flow.
func asDelivery(step flows.Step, body any, now time.Time) schema.Values {
	d := webhook.Delivery{Header: http.Header{}, Raw: literal(body), Value: body}
	hook, err := webhook.Read(step.Inputs)
	if err != nil {
		hook = &webhook.Hook{} // the draft says what is wrong with it when it is published
	}
	return hookEvent(hook, d, nil, now)
}

// plainSettings is what the settings of a flow are called that nobody calls from outside.
const plainSettings = "Flow settings"

// settingsName is what the settings of a flow are called, by the card that it begins with.
func settingsName(trigger string) string {
	switch trigger {
	case endpointCard:
		return "Endpoint settings"
	case webhook.Card:
		return "Webhook settings"
	}
	return plainSettings
}
