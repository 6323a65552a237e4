-- One database a service; the services make their own tables.
CREATE DATABASE joint_scorer;
CREATE DATABASE enforcement;
