"""Composition root: the image classifier wired from its settings."""

from __future__ import annotations

from services.chassis.assembly import Assembly
from services.chassis.rpc.server import RpcService
from services.chassis.service import Service
from services.chassis.streams.stage import Driver, Stage
from services.chassis.streams.topics import IMAGE_REQUESTS
from services.contracts.image_classifier.v1 import image_classifier_pb2 as pb
from services.contracts.image_classifier.v1 import image_classifier_pb2_grpc as pb_grpc
from services.image_classifier.classifier import ITEM, ImageClassifier
from services.image_classifier.inference import Inference
from services.image_classifier.models import load_models
from services.image_classifier.policy import DEFAULT_POLICY, ImagePolicy
from services.image_classifier.retention import Retention
from services.image_classifier.rpc import ImageClassifierServicer
from services.image_classifier.settings import ImageClassifierSettings
from services.image_classifier.stream import ImageRequests
from services.imaging.decoder import ThreadDecoder
from services.imaging.workers import BoundedWorkers

NAME = "image_classifier"
STAGE = f"{NAME}.classify"


def build(settings: ImageClassifierSettings) -> Service:
    """The whole service. SettingsError or PolicyError where a model or the policy cannot be used."""
    assembly = Assembly.of(NAME, settings)
    image = settings.image
    decodes = BoundedWorkers("decode", threads=image.threads, max_pending=image.max_pending)
    inferences = BoundedWorkers("inference", threads=image.threads, max_pending=image.max_pending)
    models = load_models(image)
    timer = assembly.metrics.model_seconds
    inference = Inference(
        models,
        inferences,
        timeout_seconds=image.model_timeout_seconds,
        timed=lambda model, seconds: timer.labels(model).observe(seconds),
    )
    policy = ImagePolicy.load(image.policy or DEFAULT_POLICY)
    classifier = ImageClassifier(ThreadDecoder(decodes, image.decode), inference, policy, assembly.metrics)
    assembly.metrics.declare(items=[ITEM])
    queued = bool(settings.kafka.bootstrap_servers)
    return assembly.service(
        rpc=[_rpc(assembly, settings, classifier)],
        stages=[_stage(assembly, settings, classifier)] if queued else [],
        components=[decodes, inferences],
    )


def _rpc(assembly: Assembly, settings: ImageClassifierSettings, classifier: ImageClassifier) -> RpcService:
    servicer = ImageClassifierServicer(
        classifier,
        Retention(assembly.objects if settings.objects.url else None),
        assembly.outgoing,
        clock=assembly.clock,
        upload_limits=assembly.upload_limits,
        byte_budget=assembly.byte_budget,
    )
    full_name = pb.DESCRIPTOR.services_by_name["ImageClassifierService"].full_name
    return RpcService(
        full_name, lambda server: pb_grpc.add_ImageClassifierServiceServicer_to_server(servicer, server)
    )


def _stage(assembly: Assembly, settings: ImageClassifierSettings, classifier: ImageClassifier) -> Stage:
    handler = ImageRequests(
        classifier,
        assembly.objects,
        assembly.publisher,
        clock=assembly.clock,
        max_bytes=settings.image.decode.max_bytes,
    )
    return Stage(STAGE, IMAGE_REQUESTS, handler, assembly.driver(Driver.AIOKAFKA), assembly.window_limits())
