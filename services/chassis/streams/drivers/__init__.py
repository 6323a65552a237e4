"""What feeds a strategy from Kafka: a bare aiokafka consumer or a Faust agent."""
