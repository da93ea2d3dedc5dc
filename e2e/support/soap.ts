import { createServer, type Server } from 'node:http';
import * as soap from 'soap';

const wsdl = (url: string) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="Prices" targetNamespace="urn:prices" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
	xmlns:tns="urn:prices" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
	<types><xsd:schema targetNamespace="urn:prices" elementFormDefault="qualified">
		<xsd:element name="GetPrice"><xsd:complexType><xsd:sequence><xsd:element name="Item" type="xsd:string"/><xsd:element name="Amount" type="xsd:int"/></xsd:sequence></xsd:complexType></xsd:element>
		<xsd:element name="GetPriceResponse"><xsd:complexType><xsd:sequence><xsd:element name="Item" type="xsd:string"/><xsd:element name="Price" type="xsd:decimal"/></xsd:sequence></xsd:complexType></xsd:element>
	</xsd:schema></types>
	<message name="GetPriceIn"><part name="parameters" element="tns:GetPrice"/></message>
	<message name="GetPriceOut"><part name="parameters" element="tns:GetPriceResponse"/></message>
	<portType name="PricesPort"><operation name="GetPrice"><input message="tns:GetPriceIn"/><output message="tns:GetPriceOut"/></operation></portType>
	<binding name="PricesBinding" type="tns:PricesPort"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
		<operation name="GetPrice"><soap:operation soapAction="urn:prices#GetPrice"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
	<service name="Prices"><port name="Prices" binding="tns:PricesBinding"><soap:address location="${url}"/></port></service>
</definitions>`;

/** A SOAP 1.1 service that tells prices, and answers a Fault for what it does not sell. */
export class SoapServer {
	url = '';
	/** What was asked for, as the service understood it. */
	readonly asked: { Item: string; Amount: number }[] = [];
	private server?: Server;

	/** Starts the service on a free port of loopback. */
	async start(): Promise<this> {
		this.server = createServer((_, res) => res.writeHead(404).end());
		await new Promise<void>(done => this.server!.listen(0, '127.0.0.1', done));
		this.url = `http://127.0.0.1:${(this.server.address() as { port: number }).port}/prices`;
		soap.listen(this.server, '/prices', { Prices: { Prices: { GetPrice: (args: { Item: string; Amount: number }) => this.price(args) } } }, wsdl(this.url));
		return this;
	}

	/** Stops the service. */
	async stop(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise(done => this.server?.close(done));
	}

	private async price(args: { Item: string; Amount: number }): Promise<object> {
		this.asked.push(args);
		if (args.Item === 'Moon') throw { Fault: { faultcode: 'soap:Client', faultstring: 'We do not sell the Moon', detail: { Reason: 'not ours' }, statusCode: 500 } }; // SOAP 1.1 section 6.2
		return { Item: args.Item, Price: (1.9 * args.Amount).toFixed(2) };
	}
}
