"""What an integrator would write with the client of openapi-python-client. Run by test/contract/clients.test.ts."""

import json
import sys
import time

from drawbridge_client import AuthenticatedClient
from drawbridge_client import models
from drawbridge_client.api.api_keys import create_api_key
from drawbridge_client.api.escalations import claim_escalation, create_escalation, resolve_escalation
from drawbridge_client.api.evidence_requests import create_evidence_request
from drawbridge_client.api.orgs import create_org
from drawbridge_client.api.ticket_sync import create_evidence_request_comment, create_evidence_request_ticket
from drawbridge_client.api.webhooks import create_webhook, list_deliveries

base_url, admin_key, org, receiver_url = sys.argv[1:]


def required(response, status, kind):
    """The parsed body, which has to be of this type."""
    assert response.status_code == status, (response.status_code, response.content)
    assert isinstance(response.parsed, kind), type(response.parsed)
    return response.parsed


with AuthenticatedClient(base_url=base_url, token=admin_key) as admin:
    body = models.OrgCreate(id=org, name="Acme")
    required(create_org.sync_detailed(client=admin, body=body), 201, models.Org)
    body = models.ApiKeyCreate(
        name="Integration", permissions=[models.Permission.CONFIGURE, models.Permission.INGEST]
    )
    key = required(create_api_key.sync_detailed(org, client=admin, body=body), 201, models.ApiKeyCreated)

with AuthenticatedClient(base_url=base_url, token=key.key) as api:
    body = models.WebhookCreate(url=receiver_url, events=[models.EventType.ESCALATION_RESOLVED])
    webhook = required(create_webhook.sync_detailed(org, client=api, body=body), 201, models.WebhookCreated)

    body = models.EvidenceRequestCreate(title="Access review")
    request = required(create_evidence_request.sync_detailed(org, client=api, body=body), 201, models.EvidenceRequest)
    ticket = required(create_evidence_request_ticket.sync_detailed(org, request.id, client=api), 201, models.TicketLink)
    body = models.NewComment(body="The export is attached.")
    comment = required(
        create_evidence_request_comment.sync_detailed(org, request.id, client=api, body=body), 201, models.AddedComment
    )

    body = models.EscalationCreate(title="Customer data in a prompt", severity=models.Severity.HIGH)
    raised = required(create_escalation.sync_detailed(org, client=api, body=body), 201, models.Escalation)
    required(claim_escalation.sync_detailed(org, raised.id, client=api), 200, models.Escalation)
    body = models.EscalationResolve(resolution=models.EscalationResolution.APPROVED, notes="The data was masked.")
    escalation = required(
        resolve_escalation.sync_detailed(org, raised.id, client=api, body=body), 200, models.Escalation
    )

    for _ in range(200):
        page = required(list_deliveries.sync_detailed(org, webhook.id, client=api), 200, models.WebhookDeliveryList)
        done = [one for one in page.data if one.status == models.WebhookDeliveryStatus.SUCCEEDED]
        if done:
            break
        time.sleep(0.1)
    assert done, "The delivery did not arrive."

print(
    json.dumps(
        {
            "ticket": ticket.to_dict(),
            "comment": comment.to_dict(),
            "escalation": escalation.to_dict(),
            "delivery": done[0].to_dict(),
        }
    )
)
