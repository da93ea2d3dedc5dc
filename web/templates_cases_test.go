package web

import (
	"net/http"

	"flowdeck/cards/schema"
)

type answers = map[string]func(*http.Request, string) (int, string)

// templateCases says how each template goes, well and badly.
func templateCases() map[string][]templateCase {
	newcomer := schema.Values{"name": "Maya Ortiz", "email": "maya@acme.io", "manager_email": "boss@acme.io", "department": "Sales", "groups": []any{"g1", "g2"}}
	stock := answers{"GET /shop/stock/a": says(200, `{"available":5,"price":9.99}`), "GET /shop/stock/b": says(200, `{"available":1,"price":100}`)}
	lines := func(b int64) []any {
		return []any{schema.Values{"sku": "a", "quantity": int64(2)}, schema.Values{"sku": "b", "quantity": b}}
	}
	rate := schema.Values{"amount": int64(100), "from_currency": "eur", "to_currency": "usd"}
	return map[string][]templateCase{
		"onboard-employee": {
			{event: newcomer, answer: "decision=approve&q.laptop=large&name=Boss",
				answers: answers{"POST /people/users": inTurn(says(503, `{}`), says(201, `{"id":"u7"}`)), "PUT /people/groups/g2/members/u7": says(403, `{"error":"no"}`)},
				want:    `"outcome":"onboarded"`, asked: map[string]int{"POST /people/users": 2, "PUT /people/groups/": 2, "POST /desk/tickets": 1, "POST /chat/messages": 1}},
			{event: newcomer, answer: "decision=reject&q.laptop=light&name=Boss", want: `"outcome":"rejected"`, asked: map[string]int{"POST /people/users": 0, "POST /mail/send": 2}},
		},
		"offboard-employee": {{event: schema.Values{"user_id": "u7"},
			answers: answers{"GET /people/users/u7/groups": says(200, `{"items":[{"id":"g1","name":"Staff"},{"id":"g2","name":"Admins"},{"id":"g3","name":"Old"}]}`),
				"DELETE /people/groups/g2/members/u7": says(500, `{}`), "DELETE /people/groups/g3/members/u7": says(404, `{}`)},
			want: `"left":["Staff","Old"]`, asked: map[string]int{"POST /people/users/u7/deactivate": 1, "POST /desk/tickets": 1}}},
		"sync-paged-records": {
			{answers: answers{"GET /crm/contacts": inTurn(says(429, `{}`),
				says(200, `{"items":[{"id":"1","name":"Maya","email":"m@x.io","score":7},{"id":"2","name":"Jo","email":"j@x.io","score":"many"}],"next_cursor":"p2"}`),
				says(200, `{"items":[{"id":"3","name":"Al","email":"a@x.io","score":1}],"next_cursor":null}`))},
				want: `"failed":1,"new":2,"read":3`},
			{answers: answers{"GET /crm/contacts": says(200, `{"items":[{"id":"1","name":"Maya O","score":8}]}`)}, want: `"failed":0,"new":0,"read":1`},
		},
		"table-report": {{rows: map[string][]schema.Values{"Sales": {{"region": "north", "amount": 10.5}, {"region": "south", "amount": int64(7)}, {"region": "north", "amount": 1.25}}},
			want: `"regions":2`, asked: map[string]int{"POST /files/reports region,sales,total\r\nnorth,2,11.75\r\nsouth,1,7": 1}}},
		"route-tickets": {
			{event: schema.Values{"product": "Billing", "severity": int64(1), "text": "down"}, want: `"priority":"urgent"`, asked: map[string]int{"POST /chat/pages": 1}},
			{event: schema.Values{"product": "toaster", "severity": "4", "text": "slow"}, want: `"priority":"normal","team":"desk"`, asked: map[string]int{"POST /chat/pages": 0}},
		},
		"enrich-lead": {
			{event: schema.Values{"lead_id": "7", "email": "Maya@Acme.io"}, answers: answers{"GET /companies/v1/companies/acme.io": says(200, `{"name":"Acme","employees":900}`)},
				want: `"company":"Acme","known":true,"size":"large"`, asked: map[string]int{"PATCH /crm/leads/7": 1}},
			{event: schema.Values{"lead_id": "8", "email": "x@nowhere.io"}, answers: answers{"GET /companies/v1/companies/nowhere.io": says(404, `{}`)},
				want: `"company":"nowhere.io","known":false,"size":"unknown"`},
			{event: schema.Values{"lead_id": "9", "email": "x@broken.io"}, answers: answers{"GET /companies/v1/companies/broken.io": says(400, `{}`)}, fails: "http_400"},
		},
		"place-order": {
			{event: schema.Values{"customer": "c1", "lines": lines(1)}, answers: stock, want: `"amount":119.98`, asked: map[string]int{"POST /shop/charges": 1}},
			{event: schema.Values{"customer": "c1", "lines": lines(2)}, answers: stock, want: `"missing":["b"]`, asked: map[string]int{"POST /shop/charges": 0}},
		},
		"poll-job": {
			{event: schema.Values{"what": "export"}, answers: answers{"POST /jobs/jobs": says(202, `{"id":"j1"}`),
				"GET /jobs/jobs/j1": inTurn(says(200, `{"state":"running"}`), says(200, `{"state":"running"}`), says(200, `{"state":"done","url":"https://x/1"}`))}, want: `"looks":3,"url":"https://x/1"`},
			{event: schema.Values{"what": "export"}, answers: answers{"POST /jobs/jobs": says(202, `{"id":"j2"}`), "GET /jobs/jobs/j2": says(200, `{"state":"failed"}`)}, fails: "job_failed"},
		},
		"approve-expense": {
			{event: schema.Values{"employee": "maya@acme.io", "amount": int64(20), "purpose": "lunch", "approvers": []any{"b@acme.io"}}, want: `"by":"policy","outcome":"approved"`},
			{event: schema.Values{"employee": "maya@acme.io", "amount": int64(900), "purpose": "flight", "approvers": []any{"b@acme.io", "c@acme.io"}}, answer: "decision=reject&name=Boss",
				want: `"by":"Boss","outcome":"rejected"`, asked: map[string]int{"POST /mail/send": 2}},
		},
		"notify-everywhere": {{event: schema.Values{"to": "maya", "text": "hi"}, answers: answers{"POST /sms/messages": says(503, `{}`)},
			want: `"chat":"sent","mail":"sent","sms":"http_503"`, asked: map[string]int{"POST /sms/messages": 2}}},
		"soap-to-json": {
			{event: schema.Values{"order": "A<1"}, answers: answers{"POST /erp/soap": says(200, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetStatusResponse><Status>shipped</Status><Items>3</Items></GetStatusResponse></s:Body></s:Envelope>`)},
				want: `"items":3,"order":"A<1","status":"shipped"`, asked: map[string]int{"POST /erp/soap": 1}},
			{event: schema.Values{"order": "9"}, answers: answers{"POST /erp/soap": says(500, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>no such order</faultstring></s:Fault></s:Body></s:Envelope>`)},
				fails: "soap_fault"},
		},
		"import-csv": {
			{body: "email,name,age\r\nmaya@acme.io,Maya,31\r\njo@acme.io,Jo,old\r\n", want: `"added":1`},
			{body: "email,name,age\r\nmaya@acme.io,Maya Ortiz,32\r\n", want: `"changed":1`},
		},
		"exchange-rates": {
			{event: rate, answers: answers{"GET /rates/latest": says(200, `{"rate":1.1}`)}, want: `"amount":110,"cached":false,"pair":"EUR/USD"`},
			{event: rate, want: `"amount":110,"cached":true`, asked: map[string]int{"GET /rates/latest": 0}},
		},
		"dedupe-events": {
			{event: schema.Values{"id": "e1", "kind": "paid", "data": schema.Values{"n": int64(1)}}, want: `"handled":true`, asked: map[string]int{"POST /crm/events": 1}},
			{event: schema.Values{"id": "e1", "kind": "paid"}, want: `"handled":false`, asked: map[string]int{"POST /crm/events": 0}},
		},
		"bulk-update": {{event: schema.Values{"records": []any{schema.Values{"id": "1", "name": "a"}, schema.Values{"id": "2", "name": "b"}, schema.Values{"id": "3", "name": "c"}}},
			answers: answers{"PATCH /crm/records/1": inTurn(says(429, `{}`), says(200, `{}`)), "PATCH /crm/records/3": says(422, `{"message":"bad name"}`)},
			want:    `"updated":2`, asked: map[string]int{`PATCH /crm/records/1 {"name":"a"}`: 2, "PATCH /crm/records/3": 1}}},
		"get-or-create-customer": {
			{event: schema.Values{"email": "new@x.io", "plan": "gold"}, answers: answers{"GET /crm/customers": says(200, `{"items":[]}`), "POST /crm/customers": says(201, `{"id":"c9"}`)},
				want: `"created":true,"customer":"c9"`, asked: map[string]int{"POST /crm/customers/c9/subscriptions": 1}},
			{event: schema.Values{"email": "old@x.io", "plan": "gold"}, answers: answers{"GET /crm/customers": says(200, `{"items":[{"id":"c1"}]}`)}, want: `"created":false,"customer":"c1"`},
		},
		"move-file": {
			{event: schema.Values{"url": "https://docs.example.com/terms"}, answers: answers{"GET /docs/terms": says(200, "%PDF-1.7 terms")}, want: `"name":"terms.pdf"`, asked: map[string]int{"POST /files/reports %PDF-1.7 terms": 1}},
			{event: schema.Values{"url": "https://docs.example.com/page"}, answers: answers{"GET /docs/page": says(200, "<html/>")}, fails: "wrong_type", asked: map[string]int{"POST /files/reports": 0}},
		},
		"access-review": {{event: schema.Values{"days": int64(30)}, answer: "decision=reject&name=Boss",
			answers: answers{"GET /people/users": says(200, `{"items":[{"id":"u1","email":"old@acme.io","manager":"b@acme.io","last_login":"2020-01-01T00:00:00Z"},{"id":"u2","email":"new@acme.io","manager":"b@acme.io","last_login":"2999-01-01T00:00:00Z"}]}`)},
			want:    `"asked":1,"locked":["old@acme.io"]`, asked: map[string]int{"POST /people/users/u1/deactivate": 1}}},
		"gather-profile": {{event: schema.Values{"id": "c1"},
			answers: answers{"GET /crm/customers/c1": says(200, `{"name":"Maya"}`), "GET /shop/orders": says(200, `{"items":[{"total":5},{"total":7.5}]}`), "GET /score/c1": says(500, `{}`)},
			want:    `"name":"Maya","orders":2,"score":null,"spent":12.5`}},
		"incident": {{event: schema.Values{"error": schema.Values{"code": "http_503", "message": "down"}, "title": "Sync"},
			want: `"incident":"id-`, asked: map[string]int{`POST /desk/tickets {"priority":"high"`: 1}}},
	}
}
