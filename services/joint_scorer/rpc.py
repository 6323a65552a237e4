"""gRPC in and out. Translates, decides nothing."""

from __future__ import annotations

from services.chassis.clock import Clock
from services.chassis.errors import InvalidInputError
from services.chassis.metrics import Metrics
from services.chassis.rpc.call import current_call
from services.chassis.streams.outgoing import Outgoing
from services.chassis.streams.topics import JOINT_DECISIONS
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as pb
from services.contracts.joint_scorer.v1 import joint_scorer_pb2_grpc as pb_grpc
from services.joint_scorer.combine import combine
from services.joint_scorer.joiner import ITEM
from services.joint_scorer.messages import decided, half_from_request, record_key
from services.joint_scorer.policy import JointPolicy


class JointScorerServicer(pb_grpc.JointScorerServiceServicer):
    """Named errors raised here become status and reason in the error interceptor."""

    def __init__(self, policy: JointPolicy, outgoing: Outgoing, *, clock: Clock, metrics: Metrics) -> None:
        self._policy = policy
        self._outgoing = outgoing
        self._clock = clock
        self._metrics = metrics

    async def ScoreJoint(self, request: pb.ScoreJointRequest, _context: object) -> pb.ScoreJointResponse:
        if not request.id and not request.generation_id:
            raise InvalidInputError("neither id nor generation_id is set", code="MISSING_ID")
        prompt = half_from_request(request.prompt) if request.HasField("prompt") else None
        image = half_from_request(request.image) if request.HasField("image") else None
        verdict = combine(prompt, image, self._policy)
        self._metrics.record_outcome(ITEM, verdict.outcome)
        call = current_call()
        event = decided(
            verdict,
            tenant=call.tenant,
            name=request.generation_id or f"rpc/{request.id}",
            item=request.id or request.generation_id,
            at=self._clock.now(),
            account=request.account,
            generation_id=request.generation_id,
            request_id=call.request_id,
        )
        await self._outgoing.send(JOINT_DECISIONS, key=record_key(event), value=event.SerializeToString())
        return pb.ScoreJointResponse(verdict=event.verdict)
