"""What the deployment tells the code, read once from the environment. Nothing else reads `os.environ`.

| name | default | meaning |
| --- | --- | --- |
| TABLE_NAME | (required) | the one DynamoDB table |
| USER_POOL_ID | (required by `organizations`) | Cognito pool of the members |
| PORTAL_POOL_ID | (required by `profile`) | Cognito pool of the customers' portal |
| IMPORTS_BUCKET | (required by `imports`) | S3 bucket for import files and their reports |
| IMPORTS_QUEUE_URL | (required by `imports`) | SQS queue of imports to run |
| FILES_BUCKET | (most workers) | S3: messages as sent, photos, archives, postcards, lists, partner files |
| NIGHT_QUEUE_URL | (required by `queue_nights`, `night`) | SQS queue of a night's jobs |
| SEND_QUEUE_URL | (required by `night`) | SQS queue of messages to send |
| NOTIFY_QUEUE_URL | (required by `cases`, `notify`) | SQS queue of case notes' mails |
| PUBLIC_URL | (required by `night`, `send`) | where customers' links lead, no slash at its end |
| SENDER_EMAIL | (required by `send`, `notify`) | the From address, of an identity that SES has verified |
| CONFIGURATION_SET | (required by `send`, `notify`) | SES configuration set; its events come to `feedback` |
| SENDS_PER_SECOND | (required by `send`, `notify`) | SES's rate, which the workers share; 0: no limit |
| PHOTOS_QUEUE_URL | (required by `photos`) | SQS queue of photos to develop and to look after |
| EXPORT_QUEUE_URL | (required by `nightly`, `deliver`, `exporters`) | SQS queue of partner files to make |
| PRIVACY_QUEUE_URL | (required by `privacy`, `carry_out`) | SQS queue of data to hand out or erase |
| RECOUNT_QUEUE_URL | (required by `queue_recounts`, `recount`) | SQS queue of shops to count again |
| SECRETS_PREFIX | (required by `exporters`) | what the names of partners' passwords start with |
| PARTNER_HOSTS | | the only servers that partner files go to; empty: all of the public internet |
| PARTNER_ACTIVE_MODE | | `on` where FTP servers can connect to this; else only passive mode can be saved |
| VIN_LOOKUP_URL | | takes plate look-ups in QuickVIN's form; empty: there is none |
| VIN_LOOKUP_SECRET | | name of the secret with its account |
| VPIC_URL | | NHTSA's vPIC, its folder `vehicles`; empty: VINs are decoded offline alone |
| AWS_DEFAULT_REGION | (set by Lambda) | where links and upload forms lead |
| AWS_ENDPOINT_URL | | on one machine alone: what answers in place of AWS |
| CLOCK_FILE | | for trying out, on one machine alone: the file that says how far ahead nights see the time |
"""

import os
from dataclasses import dataclass
from functools import lru_cache


class MissingSettings(Exception):
    """The deployment is incomplete: every missing name in one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings are empty where the deployment doesn't set a name; `require` tells which are needed."""

    table_name: str
    user_pool_id: str
    portal_pool_id: str
    imports_bucket: str
    imports_queue_url: str
    files_bucket: str
    night_queue_url: str
    send_queue_url: str
    notify_queue_url: str
    public_url: str
    sender_email: str
    configuration_set: str
    sends_per_second: str
    photos_queue_url: str
    export_queue_url: str
    privacy_queue_url: str
    recount_queue_url: str
    secrets_prefix: str
    partner_hosts: str
    partner_active_mode: str
    vin_lookup_url: str
    vin_lookup_secret: str
    vpic_url: str
    aws_default_region: str
    aws_endpoint_url: str
    clock_file: str

    def require(self, *names: str) -> "Settings":
        """These settings, once all of `names` are set. Raises MissingSettings with every name that isn't."""
        missing = [name.upper() for name in names if not getattr(self, name)]
        if missing:
            raise MissingSettings(f"set in the environment: {', '.join(missing)}")
        return self


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings(**{name: os.environ.get(name.upper(), "") for name in Settings.__slots__})
